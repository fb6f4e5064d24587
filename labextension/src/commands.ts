/**
 * All that a user can do: each act of the panel, the palette, the menus and the toolbar is one of these commands.
 */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import {
  Clipboard,
  InputDialog,
  Notification,
  showDialog,
  Dialog
} from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type {
  ReadonlyJSONObject,
  ReadonlyPartialJSONObject
} from '@lumino/coreutils';

import { RequestFailed } from './connection/channel';
import { askExport, askSeed, askVerify } from './dialogs';
import { allowIn, folderOf, goTo, runInOrder, writeSeed } from './editing';
import { reproIcon } from './icons';
import type { INotebook, Notebooks } from './notebooks';
import type { PanelModel } from './panel/model';
import { joined } from './paths';
import { asText } from './report';
import { shown } from './text';

/** The names of our commands. */
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

/** What the commands act on. */
export interface ICommandOptions {
  app: JupyterFrontEnd;
  notebooks: Notebooks;
  model: PanelModel;
  trans: TranslationBundle;
  /** Bring the panel to the front. */
  show: () => void;
  /** Open the settings at ours. */
  openSettings: () => void;
}

type Args = ReadonlyPartialJSONObject;

/** Add all commands to the application. */
export function addCommands(options: ICommandOptions): void {
  const { app, notebooks, model, trans } = options;
  const { commands } = app;
  const isLinked = () => Boolean(notebooks.current?.link.facts);
  const hasNotebook = () => notebooks.current !== null;
  const loads = () => notebooks.current?.link.situation.is === 'not loaded';

  /** Act on the notebook in front; what the kernel refuses is told. */
  const onNotebook =
    (act: (notebook: INotebook, args: Args) => Promise<unknown> | void) =>
    async (args: Args): Promise<void> => {
      const notebook = notebooks.current;
      if (!notebook) {
        return;
      }
      try {
        await act(notebook, args);
      } catch (error) {
        if (!(error instanceof RequestFailed)) {
          throw error;
        }
        Notification.error(
          [error.message, error.remedy]
            .filter(Boolean)
            .map(each => shown(each))
            .join('. '),
          { autoClose: 8000 }
        );
      }
    };

  const add = (
    id: string,
    label: string,
    execute: (args: Args) => Promise<void> | void,
    more: {
      isEnabled?: () => boolean;
      isToggled?: () => boolean;
      args?: Record<string, object>;
      required?: string[];
      icon?: typeof reproIcon;
      caption?: string;
    } = {}
  ) =>
    commands.addCommand(id, {
      label,
      caption: more.caption ?? label,
      icon: more.icon,
      isEnabled: more.isEnabled,
      isToggled: more.isToggled,
      describedBy: {
        args: {
          type: 'object',
          properties: (more.args ?? {}) as ReadonlyJSONObject,
          required: more.required ?? []
        }
      },
      execute: args => execute(args as Args)
    });

  add(CommandIDs.open, trans.__('Show Reproducibility'), () => options.show(), {
    icon: reproIcon,
    caption: trans.__(
      'Whether Restart & Run All would give these results, and why not'
    )
  });
  add(
    CommandIDs.load,
    trans.__('Load jupyter_repro'),
    onNotebook(({ link }) => link.load()),
    { isEnabled: loads }
  );
  add(
    CommandIDs.lookAgain,
    trans.__('Look for jupyter_repro again'),
    onNotebook(({ link }) => link.lookAgain()),
    { isEnabled: hasNotebook }
  );
  add(
    CommandIDs.selectKernel,
    trans.__('Select a kernel'),
    onNotebook(async () => {
      await commands.execute('notebook:change-kernel');
    }),
    { isEnabled: hasNotebook }
  );
  add(CommandIDs.autoLoad, trans.__('Reproducibility settings'), () =>
    options.openSettings()
  );
  add(
    CommandIDs.setSeed,
    trans.__('Set a seed…'),
    onNotebook(async (notebook, args) => {
      const { governed } = notebook.link.facts ?? {};
      const choice = await askSeed(trans, {
        seed: governed?.seed,
        strictness:
          args.strictness === 'strict' ? 'strict' : governed?.strictness
      });
      if (!choice) {
        return;
      }
      if (choice.write) {
        await writeSeed(notebook, choice);
      } else {
        const { sentence } = await notebook.link.request('govern', {
          seed: choice.seed,
          strictness: choice.strictness
        });
        Notification.info(shown(sentence), { autoClose: 5000 });
      }
    }),
    {
      isEnabled: isLinked,
      args: {
        strictness: {
          type: 'string',
          description: trans.__('Strictness to begin with')
        }
      }
    }
  );
  add(
    CommandIDs.runPlan,
    trans.__('Run the cells that would differ'),
    onNotebook(async notebook => {
      const { plan, cells } = await notebook.link.request('plan', {});
      if (plan.kind === 'run cells') {
        await runInOrder(
          notebook,
          cells.map(cell => cell.id)
        );
      } else if (plan.kind === 'restart and run all') {
        await commands.execute('notebook:restart-run-all');
      }
    }),
    { isEnabled: isLinked }
  );
  add(
    CommandIDs.restart,
    trans.__('Restart and run all'),
    onNotebook(async () => {
      await commands.execute('notebook:restart-run-all');
    }),
    { isEnabled: hasNotebook }
  );
  add(
    CommandIDs.restartHashSeed,
    trans.__('Restart the kernel with a hash seed'),
    onNotebook(async ({ panel }) => {
      const { button } = await showDialog({
        title: trans.__('Restart the kernel with a hash seed?'),
        body: trans.__(
          'The kernel starts anew with PYTHONHASHSEED set. All variables are lost; run all cells afterwards.'
        ),
        buttons: [
          Dialog.cancelButton(),
          Dialog.warnButton({ label: trans.__('Restart') })
        ]
      });
      if (button.accept) {
        await panel.sessionContext.session?.kernel?.requestExecute({
          code: '%repro restart now',
          store_history: false
        }).done;
      }
    }),
    { isEnabled: isLinked }
  );
  add(
    CommandIDs.save,
    trans.__('Save the notebook'),
    onNotebook(({ panel }) => panel.context.save()),
    { isEnabled: hasNotebook }
  );
  add(
    CommandIDs.track,
    trans.__('Track files'),
    onNotebook(async ({ link }, args) => {
      const paths = Array.isArray(args.paths)
        ? args.paths.filter((each): each is string => typeof each === 'string')
        : [];
      const { sentence } = await link.request('track', {
        paths,
        accept: args.accept === true
      });
      Notification.success(shown(sentence), { autoClose: 5000 });
      model.refresh();
    }),
    {
      isEnabled: isLinked,
      args: {
        paths: {
          type: 'array',
          items: { type: 'string' },
          description: trans.__('The files')
        },
        accept: {
          type: 'boolean',
          description: trans.__('Take over files that have changed')
        }
      },
      required: ['paths']
    }
  );
  add(
    CommandIDs.allow,
    trans.__('Allow a finding'),
    onNotebook(async (notebook, { cell, code, message }) => {
      const { value } = await InputDialog.getText({
        title: trans.__('Allow %1 in this cell', String(code)),
        label:
          typeof message === 'string'
            ? trans.__('%1 Why is that well?', shown(message, 200))
            : trans.__('Why is that well?'),
        placeholder: trans.__('A reason that a reviewer will read')
      });
      if (value?.trim()) {
        const edit = await notebook.link.request('allow', {
          cell: String(cell),
          code: String(code),
          reason: value.trim()
        });
        allowIn(notebook, edit.cell, edit.line);
      }
    }),
    {
      isEnabled: isLinked,
      args: {
        cell: { type: 'string', description: trans.__('Id of the cell') },
        code: { type: 'string', description: trans.__('Code of the rule') },
        message: { type: 'string', description: trans.__('What it says') }
      },
      required: ['cell', 'code']
    }
  );
  add(
    CommandIDs.goTo,
    trans.__('Scroll to a cell'),
    onNotebook(({ panel }, { cell }) => goTo(panel, String(cell))),
    {
      args: {
        cell: { type: 'string', description: trans.__('Id of the cell') }
      },
      required: ['cell']
    }
  );
  add(
    CommandIDs.reveal,
    trans.__('Show a cell in the panel'),
    ({ cell }) => {
      options.show();
      model.reveal(String(cell));
    },
    {
      args: {
        cell: { type: 'string', description: trans.__('Id of the cell') }
      },
      required: ['cell']
    }
  );
  add(
    CommandIDs.dataflow,
    trans.__('Draw the dataflow between cells'),
    () => {
      options.show();
      model.drawsFlow = true;
    },
    { isEnabled: isLinked }
  );
  add(
    CommandIDs.off,
    trans.__('Give everything back and record no more'),
    onNotebook(async ({ link }) => {
      await link.request('off', {});
    }),
    { isEnabled: isLinked }
  );
  add(
    CommandIDs.notices,
    trans.__('Say below a cell that it departs'),
    onNotebook(async ({ link }) => {
      await link.request('notices', { on: !link.facts?.notices });
    }),
    {
      isEnabled: isLinked,
      isToggled: () => notebooks.current?.link.facts?.notices ?? false
    }
  );
  add(
    CommandIDs.copy,
    trans.__('Copy a text'),
    ({ text }) => Clipboard.copyToSystem(String(text)),
    {
      args: { text: { type: 'string', description: trans.__('The text') } },
      required: ['text']
    }
  );
  add(
    CommandIDs.copyStatus,
    trans.__('Copy the status as text'),
    onNotebook(({ link }) => {
      if (link.facts) {
        Clipboard.copyToSystem(asText(trans, link.facts));
      }
    }),
    { isEnabled: isLinked }
  );
  addBundleCommands(options, add, onNotebook, isLinked);
}

type Add = (
  id: string,
  label: string,
  execute: (args: Args) => Promise<void> | void,
  more?: {
    isEnabled?: () => boolean;
    args?: Record<string, object>;
    required?: string[];
  }
) => void;
type OnNotebook = (
  act: (notebook: INotebook, args: Args) => Promise<unknown> | void
) => (args: Args) => Promise<void>;

function addBundleCommands(
  { app, model, trans, show }: ICommandOptions,
  add: Add,
  onNotebook: OnNotebook,
  isLinked: () => boolean
): void {
  const path = {
    path: {
      type: 'string',
      description: trans.__('Of the file, from the folder of the notebook')
    }
  };
  const watch = () => {
    show();
    model.toggle('bundle', true);
  };
  add(
    CommandIDs.exportBundle,
    trans.__('Export a bundle…'),
    onNotebook(async ({ panel, link }) => {
      const { suggested } = await link
        .request('section', { name: 'bundle' })
        .then(reply => (reply.type === 'bundle' ? reply : { suggested: '' }));
      const choice = await askExport(trans, suggested);
      if (choice) {
        if (panel.context.model.dirty) {
          await panel.context.save();
        }
        await link.request('export', choice);
        watch();
      }
    }),
    { isEnabled: isLinked }
  );
  add(
    CommandIDs.verify,
    trans.__('Verify a bundle'),
    onNotebook(async ({ link }, args) => {
      const file = String(args.path);
      const choice = await askVerify(trans, file);
      if (choice) {
        await link.request('verify', { path: file, ...choice });
        watch();
      }
    }),
    { isEnabled: isLinked, args: path, required: ['path'] }
  );
  add(
    CommandIDs.prove,
    trans.__('Prove it: run all in a kernel of its own and compare'),
    onNotebook(async ({ link }) => {
      await link.request('prove', {});
      watch();
    }),
    { isEnabled: isLinked }
  );
  add(
    CommandIDs.cancel,
    trans.__('Cancel a job'),
    onNotebook(async ({ link }, { job }) => {
      await link.request('cancel', { job: String(job) });
    }),
    {
      args: { job: { type: 'string', description: trans.__('Id of the job') } },
      required: ['job']
    }
  );
  add(
    CommandIDs.download,
    trans.__('Download a file'),
    onNotebook(async ({ panel }, args) => {
      const { contents } = app.serviceManager;
      const url = await contents.getDownloadUrl(
        joined(folderOf(panel), String(args.path))
      );
      const anchor = document.createElement('a');
      anchor.href = url;
      anchor.download = '';
      document.body.append(anchor);
      anchor.click();
      anchor.remove();
    }),
    { args: path, required: ['path'] }
  );
  add(
    CommandIDs.openReport,
    trans.__('Open a report'),
    onNotebook(async ({ panel }, args) => {
      const where = joined(folderOf(panel), String(args.path));
      if (app.commands.hasCommand('docmanager:open')) {
        await app.commands.execute('docmanager:open', { path: where });
      }
    }),
    { args: path, required: ['path'] }
  );
}
