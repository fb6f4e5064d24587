/**
 * The names of our commands.
 */
export const CommandIDs = {
  open: 'jupyter-repro:open',
  load: 'jupyter-repro:load',
  lookAgain: 'jupyter-repro:look-again',
  selectKernel: 'jupyter-repro:select-kernel',
  autoLoad: 'jupyter-repro:auto-load',
  setSeed: 'jupyter-repro:set-seed',
  runPlan: 'jupyter-repro:run-plan',
  restart: 'jupyter-repro:restart-run-all',
  restartHashSeed: 'jupyter-repro:restart-hash-seed',
  save: 'jupyter-repro:save',
  track: 'jupyter-repro:track',
  allow: 'jupyter-repro:allow',
  annotate: 'jupyter-repro:annotate',
  goTo: 'jupyter-repro:go-to-cell',
  reveal: 'jupyter-repro:show-cell',
  dataflow: 'jupyter-repro:show-dataflow',
  off: 'jupyter-repro:off',
  notices: 'jupyter-repro:notices',
  copy: 'jupyter-repro:copy',
  copyStatus: 'jupyter-repro:copy-status',
  exportBundle: 'jupyter-repro:export',
  verify: 'jupyter-repro:verify',
  prove: 'jupyter-repro:prove',
  cancel: 'jupyter-repro:cancel-job',
  download: 'jupyter-repro:download',
  openReport: 'jupyter-repro:open-report'
} as const;

/** Those that take no argument: they are in the palette. */
export const paletteCommands: readonly string[] = [
  CommandIDs.open,
  CommandIDs.load,
  CommandIDs.setSeed,
  CommandIDs.runPlan,
  CommandIDs.restart,
  CommandIDs.restartHashSeed,
  CommandIDs.dataflow,
  CommandIDs.notices,
  CommandIDs.off,
  CommandIDs.copyStatus,
  CommandIDs.exportBundle,
  CommandIDs.prove
];
