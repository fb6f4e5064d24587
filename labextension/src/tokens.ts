/**
 * What other extensions may ask of this one.
 */
import { Token } from '@lumino/coreutils';

import type { Notebooks } from './notebooks';

/** The open notebooks with their links to the kernel. */
export const INotebooks = new Token<Notebooks>(
  'jupyter-repro:INotebooks',
  'The open notebooks, each with what jupyter_repro knows of it.'
);
