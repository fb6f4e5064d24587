/**
 * Commands that do a remedy: seed, run, restart, track, allow.
 */
import {
  Dialog,
  InputDialog,
  Notification,
  showDialog
} from '@jupyterlab/apputils';

import { askSeed } from '../dialogs';
import { allowIn, restartAndRunAll, runInOrder, writeSeed } from '../editing';
import { shown } from '../text';
import type { Adding } from './adding';
import { CommandIDs } from './ids';

/** Add them. */
export function addChangingCommands(adding: Adding): void {
  const { model, trans } = adding.options;

  adding.add(
    CommandIDs.setSeed,
    trans.__('Set a seed…'),
    adding.onNotebook(async (notebook, args) => {
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
      isEnabled: adding.isLinked,
      args: {
        strictness: {
          type: 'string',
          description: trans.__('Strictness to begin with')
        }
      }
    }
  );
  adding.add(
    CommandIDs.runPlan,
    trans.__('Run the cells that would differ'),
    adding.onNotebook(async notebook => {
      const { plan, cells } = await notebook.link.request('plan', {});
      if (plan.kind === 'run cells') {
        await runInOrder(
          notebook,
          cells.map(cell => cell.id)
        );
      } else if (plan.kind === 'restart and run all') {
        await restartAndRunAll(notebook);
      }
    }),
    { isEnabled: adding.isLinked }
  );
  adding.add(
    CommandIDs.restart,
    trans.__('Restart and run all'),
    adding.onNotebook(restartAndRunAll),
    { isEnabled: adding.hasNotebook }
  );
  adding.add(
    CommandIDs.restartHashSeed,
    trans.__('Restart the kernel with a hash seed'),
    adding.onNotebook(async ({ panel }) => {
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
    { isEnabled: adding.isLinked }
  );
  adding.add(
    CommandIDs.save,
    trans.__('Save the notebook'),
    adding.onNotebook(({ panel }) => panel.context.save()),
    { isEnabled: adding.hasNotebook }
  );
  adding.add(
    CommandIDs.track,
    trans.__('Track files'),
    adding.onNotebook(async ({ link }, args) => {
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
      isEnabled: adding.isLinked,
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
  adding.add(
    CommandIDs.annotate,
    trans.__('Note something beside the checklist'),
    adding.onNotebook(async ({ link }, { key, text }) => {
      await link.request('annotate', { key: String(key), text: String(text) });
      adding.options.model.refresh();
    }),
    {
      isEnabled: adding.isLinked,
      args: {
        key: { type: 'string', description: trans.__('Of the item') },
        text: { type: 'string', description: trans.__('The note') }
      },
      required: ['key', 'text']
    }
  );
  adding.add(
    CommandIDs.allow,
    trans.__('Allow a finding'),
    adding.onNotebook(async (notebook, { cell, code, message }) => {
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
      isEnabled: adding.isLinked,
      args: {
        cell: { type: 'string', description: trans.__('Id of the cell') },
        code: { type: 'string', description: trans.__('Code of the rule') },
        message: { type: 'string', description: trans.__('What it says') }
      },
      required: ['cell', 'code']
    }
  );
}
