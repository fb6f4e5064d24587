/**
 * All that a user can do: each act of the panel, the palette, the menus and the toolbar is one of these commands.
 */
import { Adding } from './adding';
import type { ICommandOptions } from './adding';
import { addBundleCommands } from './bundling';
import { addChangingCommands } from './changing';
import { addLookingCommands } from './looking';

export type { ICommandOptions } from './adding';
export { CommandIDs, paletteCommands } from './ids';

/** Add all commands to the application. */
export function addCommands(options: ICommandOptions): void {
  const adding = new Adding(options);
  addLookingCommands(adding);
  addChangingCommands(adding);
  addBundleCommands(adding);
}
