/**
 * Commands that show, load and copy.
 */
import { Clipboard } from '@jupyterlab/apputils';

import { goTo } from '../editing';
import { reproIcon } from '../icons';
import { asText } from '../report';
import type { Adding } from './adding';
import { CommandIDs } from './ids';

/** Add them. */
export function addLookingCommands(adding: Adding): void {
  const { app, model, notebooks, trans, ...options } = adding.options;
  const { commands } = app;
  const loads = () => notebooks.current?.link.situation.is === 'not loaded';

  adding.add(
    CommandIDs.open,
    trans.__('Show Reproducibility'),
    () => options.show(),
    {
      icon: reproIcon,
      caption: trans.__(
        'Whether Restart & Run All would give these results, and why not'
      )
    }
  );
  adding.add(
    CommandIDs.load,
    trans.__('Load jupyter_repro'),
    adding.onNotebook(({ link }) => link.load()),
    { isEnabled: loads }
  );
  adding.add(
    CommandIDs.lookAgain,
    trans.__('Look for jupyter_repro again'),
    adding.onNotebook(({ link }) => link.lookAgain()),
    { isEnabled: adding.hasNotebook }
  );
  adding.add(
    CommandIDs.selectKernel,
    trans.__('Select a kernel'),
    adding.onNotebook(async () => {
      await commands.execute('notebook:change-kernel');
    }),
    { isEnabled: adding.hasNotebook }
  );
  adding.add(CommandIDs.autoLoad, trans.__('Reproducibility settings'), () =>
    options.openSettings()
  );
  adding.add(
    CommandIDs.goTo,
    trans.__('Scroll to a cell'),
    adding.onNotebook(({ panel }, { cell }) => goTo(panel, String(cell))),
    {
      args: {
        cell: { type: 'string', description: trans.__('Id of the cell') }
      },
      required: ['cell']
    }
  );
  adding.add(
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
  adding.add(
    CommandIDs.dataflow,
    trans.__('Draw the dataflow between cells'),
    () => {
      options.show();
      model.drawsFlow = true;
    },
    { isEnabled: adding.isLinked }
  );
  adding.add(
    CommandIDs.off,
    trans.__('Give everything back and record no more'),
    adding.onNotebook(async ({ link }) => {
      await link.request('off', {});
    }),
    { isEnabled: adding.isLinked }
  );
  adding.add(
    CommandIDs.notices,
    trans.__('Say below a cell that it departs'),
    adding.onNotebook(async ({ link }) => {
      await link.request('notices', { on: !link.facts?.notices });
    }),
    {
      isEnabled: adding.isLinked,
      isToggled: () => notebooks.current?.link.facts?.notices ?? false
    }
  );
  adding.add(
    CommandIDs.copy,
    trans.__('Copy a text'),
    ({ text }) => Clipboard.copyToSystem(String(text)),
    {
      args: { text: { type: 'string', description: trans.__('The text') } },
      required: ['text']
    }
  );
  adding.add(
    CommandIDs.copyStatus,
    trans.__('Copy the status as text'),
    adding.onNotebook(({ link }) => {
      if (link.facts) {
        Clipboard.copyToSystem(asText(trans, link.facts));
      }
    }),
    { isEnabled: adding.isLinked }
  );
}
