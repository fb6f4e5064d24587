/**
 * Paths of the contents service: parts with `/` between them.
 */

/** The way from a folder to a file: `../data/x.zip`. */
export function relative(folder: string, file: string): string {
  const from = folder.split('/').filter(Boolean);
  const to = file.split('/').filter(Boolean);
  let common = 0;
  while (common < from.length && from[common] === to[common]) {
    common += 1;
  }
  return [...from.slice(common).map(() => '..'), ...to.slice(common)].join('/');
}

/** A file as the contents service names it, from a folder and a way that may begin with `../`. */
export function joined(folder: string, way: string): string {
  const parts = folder.split('/').filter(Boolean);
  for (const part of way.split('/')) {
    if (part === '..') {
      parts.pop();
    } else if (part !== '.' && part !== '') {
      parts.push(part);
    }
  }
  return parts.join('/');
}
