/**
 * The typed messages between the panel and a kernel. Its other half: src/jupyter_repro/kernel/channel.
 */
export * from './events';
export * from './facts';
export * from './replies';
export * from './requests';
export * from './sections';
export { BadMessage } from './shape';

/** The version of the protocol; both sides speak the same. */
export const PROTOCOL = 1;

/** The target of the two comms. */
export const TARGET = 'jupyter_repro';

/** The target on which the kernel says that the extension has been loaded. */
export const HELLO = 'jupyter_repro.hello';
