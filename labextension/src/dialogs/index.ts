/**
 * What the user is asked.
 */
export { askExport } from './exporting';
export { askSeed } from './seed';
export { askVerify } from './verifying';
