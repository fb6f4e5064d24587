/**
 * What the panel does in a notebook: scroll, run cells in an order, write lines that the user can take back.
 */
import { SessionContextDialogs } from '@jupyterlab/apputils';
import { NotebookActions } from '@jupyterlab/notebook';
import type { NotebookPanel } from '@jupyterlab/notebook';

import type { INotebook } from './notebooks';
import type { SeedPlan } from './protocol';
import { seedEdit, seedLine, withLineAbove } from './seeding';

/** Scroll to a cell and make it the active one. */
export async function goTo(panel: NotebookPanel, cell: string): Promise<void> {
  const index = indexOf(panel, cell);
  if (index >= 0) {
    panel.content.activeCellIndex = index;
    panel.content.deselectAll();
    await panel.content.scrollToItem(index, 'smart');
  }
}

/** Run cells one after the other, in this order; an error ends it. */
export async function runInOrder(
  { panel }: INotebook,
  cells: readonly string[]
): Promise<boolean> {
  const { content, sessionContext } = panel;
  const widgets = cells.flatMap(id => {
    const index = indexOf(panel, id);
    return index < 0 ? [] : [content.widgets[index]];
  });
  return NotebookActions.runCells(content, widgets, sessionContext);
}

/** Restart the kernel if the user agrees, load the extension, then run all: so that all of it is on record. */
export async function restartAndRunAll({
  panel,
  link
}: INotebook): Promise<void> {
  const { content, sessionContext } = panel;
  const wasLinked = link.wasLinked;
  if (await new SessionContextDialogs().restart(sessionContext)) {
    if (wasLinked) {
      await link.load();
    }
    await NotebookActions.runAll(content, sessionContext);
  }
}

/** Write the seed into the notebook and run that cell. */
export async function writeSeed(
  notebook: INotebook,
  choice: { seed: number | null; strictness: SeedPlan['strictness'] }
): Promise<void> {
  const { panel } = notebook;
  const { model } = panel.content;
  if (!model) {
    return;
  }
  const edit = seedEdit(
    Array.from(model.cells, cell => ({
      type: cell.type,
      source: cell.sharedModel.getSource()
    })),
    seedLine(choice.seed, choice.strictness)
  );
  if (edit.kind === 'insert') {
    model.sharedModel.insertCell(edit.index, {
      cell_type: 'code',
      source: edit.source
    });
  } else {
    model.cells.get(edit.index).sharedModel.setSource(edit.source);
  }
  const { id } = model.cells.get(edit.index);
  await notebook.link.sendDocument();
  await runInOrder(notebook, [id]);
}

/** Put a line above a cell's source. */
export function allowIn(
  { panel }: INotebook,
  cell: string,
  line: string
): void {
  const { sharedModel } =
    panel.content.widgets[indexOf(panel, cell)]?.model ?? {};
  sharedModel?.setSource(withLineAbove(sharedModel.getSource(), line));
}

/** The notebook's folder as the contents service names it, with a slash at its end; empty at the root. */
export function folderOf(panel: NotebookPanel): string {
  const { path } = panel.context;
  return path.slice(0, path.lastIndexOf('/') + 1);
}

function indexOf(panel: NotebookPanel, cell: string): number {
  return panel.content.widgets.findIndex(each => each.model.id === cell);
}
