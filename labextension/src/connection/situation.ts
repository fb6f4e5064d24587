/**
 * Why there is nothing to show, or that there is.
 */
import { RequestFailed } from './channel';
import type { Found } from './probe';

export type Situation =
  | { is: 'no kernel' }
  | { is: 'starting' }
  | { is: 'other language'; language: string }
  | { is: 'asking'; busy: boolean }
  | { is: 'not installed' }
  | { is: 'not loaded'; error: string }
  | { is: 'loading' }
  | { is: 'old version'; kernel: string; remedy: string }
  | { is: 'lost' }
  | { is: 'linked'; kernel: string };

/** The situation where a kernel was found that cannot be linked. */
export function unlinkable(found: Exclude<Found, 'linkable'>): Situation {
  if (typeof found === 'object') {
    return { is: 'other language', ...found };
  }
  switch (found) {
    case 'too old':
      return { is: 'old version', kernel: '', remedy: '' };
    case 'not installed':
      return { is: 'not installed' };
    case 'not loaded':
      return { is: 'not loaded', error: '' };
  }
}

/** The situation where the kernel would not be linked. */
export function refused(error: unknown): Situation {
  if (error instanceof RequestFailed && error.code !== 'lost') {
    return error.code === 'protocol'
      ? { is: 'old version', kernel: error.message, remedy: error.remedy }
      : { is: 'not loaded', error: `${error.message}; ${error.remedy}` };
  }
  return { is: 'lost' };
}
