/**
 * Commands of bundles: export, verify, prove, and what comes after.
 */
import { askExport, askVerify } from '../dialogs';
import type { KernelLink } from '../connection/link';
import { folderOf } from '../editing';
import { joined } from '../paths';
import type { IExportOptions } from '../protocol';
import type { Adding } from './adding';
import { CommandIDs } from './ids';

/** Add them. */
export function addBundleCommands(adding: Adding): void {
  const { app, model, trans, show } = adding.options;
  const path = {
    path: {
      type: 'string',
      description: trans.__('Of the file, from the folder of the notebook')
    }
  };
  /** What was chosen the last time, by notebook. */
  const chosen = new WeakMap<KernelLink, IExportOptions>();
  const watch = () => {
    show();
    model.toggle('bundle', true);
  };
  adding.add(
    CommandIDs.exportBundle,
    trans.__('Export a bundle…'),
    adding.onNotebook(async ({ panel, link }, { job }) => {
      const refused =
        link.facts?.jobs.find(each => each.id === job)?.refused ?? [];
      const name = panel.context.path.split('/').pop() ?? '';
      const choice = await askExport(trans, {
        suggested: `${name.replace(/\.ipynb$/, '')}.repro.zip`,
        options: chosen.get(link) ?? {},
        refused,
        weigh: options => link.request('weigh', options)
      });
      if (choice) {
        chosen.set(link, choice);
        if (panel.context.model.dirty) {
          await panel.context.save();
        }
        await link.request('export', choice);
        watch();
      }
    }),
    {
      isEnabled: adding.isLinked,
      args: {
        job: {
          type: 'string',
          description: trans.__(
            'Id of an export that was refused, to answer for the reasons'
          )
        }
      }
    }
  );
  adding.add(
    CommandIDs.verify,
    trans.__('Verify a bundle'),
    adding.onNotebook(async ({ link }, args) => {
      const file = String(args.path);
      const choice = await askVerify(trans, file);
      if (choice) {
        await link.request('verify', { path: file, ...choice });
        watch();
      }
    }),
    { isEnabled: adding.isLinked, args: path, required: ['path'] }
  );
  adding.add(
    CommandIDs.prove,
    trans.__('Prove it: run all in a kernel of its own and compare'),
    adding.onNotebook(async ({ panel, link }) => {
      if (panel.context.model.dirty) {
        await panel.context.save();
      }
      await link.request('prove', {});
      watch();
    }),
    { isEnabled: adding.isLinked }
  );
  adding.add(
    CommandIDs.cancel,
    trans.__('Cancel a job'),
    adding.onNotebook(async ({ link }, { job }) => {
      await link.request('cancel', { job: String(job) });
    }),
    {
      args: { job: { type: 'string', description: trans.__('Id of the job') } },
      required: ['job']
    }
  );
  adding.add(
    CommandIDs.download,
    trans.__('Download a file'),
    adding.onNotebook(async ({ panel }, args) => {
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
  adding.add(
    CommandIDs.openReport,
    trans.__('Open a report'),
    adding.onNotebook(async ({ panel }, args) => {
      const where = joined(folderOf(panel), String(args.path));
      if (app.commands.hasCommand('docmanager:open')) {
        await app.commands.execute('docmanager:open', { path: where });
      }
    }),
    { args: path, required: ['path'] }
  );
}
