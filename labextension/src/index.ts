/**
 * The plugins.
 */
import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { Badges } from './badges';
import type { BadgeChoice } from './badges';
import { CommandIDs, addCommands, paletteCommands } from './commands';
import { addVerifySelected } from './filebrowser';
import { tellOfJobs } from './jobs';
import { Notebooks } from './notebooks';
import type { AutoLoad, INotebook } from './notebooks';
import { PanelModel } from './panel/model';
import { PANEL_ID, ReproPanel } from './panel/widget';
import { StatusItem } from './statusitem';
import { INotebooks } from './tokens';
import { VERSION } from './version';

const DOMAIN = 'jupyter_repro';
const SETTINGS = 'jupyter-repro:plugin';

/** Call with the settings, now and when they change. */
async function onSettings(
  registry: ISettingRegistry | null,
  use: (settings: ISettingRegistry.ISettings) => void
): Promise<void> {
  if (registry) {
    const settings = await registry.load(SETTINGS);
    use(settings);
    settings.changed.connect(use);
  }
}

const notebooks: JupyterFrontEndPlugin<Notebooks> = {
  id: 'jupyter-repro:notebooks',
  description: 'Links each open notebook with jupyter_repro in its kernel.',
  autoStart: true,
  requires: [INotebookTracker],
  optional: [ISettingRegistry],
  provides: INotebooks,
  activate: (
    _: JupyterFrontEnd,
    tracker: INotebookTracker,
    registry: ISettingRegistry | null
  ) => {
    const all = new Notebooks(tracker, VERSION);
    void onSettings(registry, settings => {
      all.autoLoad = settings.composite.autoLoad as AutoLoad;
    });
    return all;
  }
};

const panel: JupyterFrontEndPlugin<void> = {
  id: SETTINGS,
  description: 'The reproducibility panel and its commands.',
  autoStart: true,
  requires: [INotebooks],
  optional: [
    ILayoutRestorer,
    ICommandPalette,
    ITranslator,
    IFileBrowserFactory
  ],
  activate: (
    app: JupyterFrontEnd,
    all: Notebooks,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    translator: ITranslator | null,
    browsers: IFileBrowserFactory | null
  ) => {
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    const model = new PanelModel(all);
    model.visibleChanged.connect((_, visible) => all.look('panel', visible));
    const widget = new ReproPanel(model, app.commands, trans);
    app.shell.add(widget, 'right', { rank: 700, type: 'Reproducibility' });
    restorer?.add(widget, PANEL_ID);
    const options = {
      app,
      notebooks: all,
      model,
      trans,
      show: () => {
        if (!widget.isVisible) {
          app.shell.activateById(widget.id);
        }
      },
      openSettings: () => {
        void app.commands.execute('settingeditor:open', {
          query: 'Reproducibility'
        });
      }
    };
    addCommands(options);
    addVerifySelected(options, browsers);
    tellOfJobs(
      all,
      trans,
      () => {
        options.show();
        model.toggle('bundle', true);
      },
      () => model.visible && model.isOpen('bundle')
    );
    const category = trans.__('Reproducibility');
    for (const command of paletteCommands) {
      palette?.addItem({ command, category });
    }
    const notify = () => {
      for (const command of paletteCommands) {
        app.commands.notifyCommandChanged(command);
      }
    };
    all.changed.connect(notify);
    all.currentChanged.connect(notify);
  }
};

const badges: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-repro:badges',
  description: 'Badges beside cells that are not reproduced.',
  autoStart: true,
  requires: [INotebooks],
  optional: [ISettingRegistry, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    all: Notebooks,
    registry: ISettingRegistry | null,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    const painters = new Set<Badges>();
    let choice: BadgeChoice = 'all';
    const add = ({ panel: view, link }: INotebook) => {
      const painter = new Badges(view, link, trans, {
        goTo: cell => void app.commands.execute(CommandIDs.goTo, { cell }),
        open: cell => void app.commands.execute(CommandIDs.reveal, { cell })
      });
      painter.choice = choice;
      painters.add(painter);
      view.disposed.connect(() => painters.delete(painter));
    };
    all.all.forEach(add);
    all.added.connect((_, notebook) => add(notebook));
    void onSettings(registry, settings => {
      choice = settings.composite.badges as BadgeChoice;
      all.look('badges', choice !== 'none');
      painters.forEach(painter => {
        painter.choice = choice;
      });
    });
  }
};

const statusBar: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-repro:status-bar',
  description: 'The verdict in the status bar.',
  autoStart: true,
  requires: [INotebooks],
  optional: [IStatusBar, ITranslator], // Notebook 7 has no status bar
  activate: (
    app: JupyterFrontEnd,
    all: Notebooks,
    bar: IStatusBar | null,
    translator: ITranslator | null
  ) => {
    if (!bar) {
      return;
    }
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    const item = new StatusItem(all, trans, () => {
      void app.commands.execute(CommandIDs.open);
    });
    all.look('bar', true);
    bar.registerStatusItem('jupyter-repro:status', {
      item,
      align: 'right',
      rank: 30,
      isActive: () => all.current !== null,
      activeStateChanged: all.currentChanged
    });
  }
};

export { INotebooks };
export default [notebooks, panel, badges, statusBar];
