/**
 * Shapes of messages: a value from the wire is read into a typed one, or refused with the place that is wrong.
 */

/** Reads one value; `where` names its place in the message. */
export type Shape<T> = (value: unknown, where: string) => T;

/** The type that a shape reads. */
export type Read<S> = S extends Shape<infer T> ? T : never;

/** A message that is not what the protocol says. */
export class BadMessage extends Error {
  constructor(where: string, expected: string) {
    super(`${where} is not ${expected}`);
    this.name = 'BadMessage';
  }
}

export const text: Shape<string> = (value, where) => {
  if (typeof value !== 'string') {
    throw new BadMessage(where, 'a text');
  }
  return value;
};

export const number: Shape<number> = (value, where) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new BadMessage(where, 'a number');
  }
  return value;
};

export const flag: Shape<boolean> = (value, where) => {
  if (typeof value !== 'boolean') {
    throw new BadMessage(where, 'true or false');
  }
  return value;
};

/** One of these words. */
export function word<const W extends string>(...words: W[]): Shape<W> {
  return (value, where) => {
    const found = words.find(each => each === value);
    if (found === undefined) {
      throw new BadMessage(where, `one of ${words.join(', ')}`);
    }
    return found;
  };
}

export function list<T>(of: Shape<T>): Shape<readonly T[]> {
  return (value, where) => {
    if (!Array.isArray(value)) {
      throw new BadMessage(where, 'a list');
    }
    return value.map((each, index) => of(each, `${where}[${index}]`));
  };
}

export function orNull<T>(of: Shape<T>): Shape<T | null> {
  return (value, where) => (value === null ? null : of(value, where));
}

/** A field that may be absent. */
export function maybe<T>(of: Shape<T>): Shape<T | undefined> {
  return (value, where) => (value === undefined ? undefined : of(value, where));
}

type Fields = Record<string, Shape<unknown>>;
type MaybeKeys<F extends Fields> = {
  [K in keyof F]: undefined extends Read<F[K]> ? K : never;
}[keyof F];

/** What an object of these fields is: those that may be absent are optional. */
export type Of<F extends Fields> = {
  readonly [K in Exclude<keyof F, MaybeKeys<F>>]: Read<F[K]>;
} & { readonly [K in MaybeKeys<F>]?: Read<F[K]> };

/** An object of these fields; others are left out, so that the kernel's side may add some. */
export function object<F extends Fields>(fields: F): Shape<Of<F>> {
  const names = Object.keys(fields);
  return (value, where) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new BadMessage(where, 'an object');
    }
    const given = value as Record<string, unknown>;
    const read: Record<string, unknown> = {};
    for (const name of names) {
      const field = fields[name](given[name], `${where}.${name}`);
      if (field !== undefined) {
        read[name] = field;
      }
    }
    return read as Of<F>;
  };
}

/** One of several objects, told apart by their field `type`. */
export function tagged<S extends Record<string, Shape<{ type: string }>>>(
  shapes: S
): Shape<Read<S[keyof S]>> {
  return (value, where) => {
    const type = (value as { type?: unknown } | null | undefined)?.type;
    if (typeof type !== 'string' || !Object.hasOwn(shapes, type)) {
      throw new BadMessage(`${where}.type`, Object.keys(shapes).join(', '));
    }
    return shapes[type](value, where) as Read<S[keyof S]>;
  };
}
