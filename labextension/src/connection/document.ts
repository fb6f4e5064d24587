/**
 * The notebook as messages tell it: all of it, or what is another since the last time.
 */
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { INotebookModel } from '@jupyterlab/notebook';

import type { IDocumentCell, IDocumentChange } from '../protocol';
import type { IDocumentSource } from './conversation';

/** What is needed of a notebook's context. */
export type NotebookContext = Pick<
  DocumentRegistry.IContext<INotebookModel>,
  'path' | 'model'
>;

/** Remembers what was told last. */
export class NotebookDocument implements IDocumentSource {
  constructor(context: NotebookContext) {
    this._context = context;
  }

  whole(): IDocumentChange {
    this._told.clear();
    this._path = null;
    this._order = [];
    const change = this.changed();
    return {
      path: this._context.path,
      order: this._order,
      cells: change?.cells ?? [],
      dirty: this._context.model.dirty
    };
  }

  changed(): IDocumentChange | null {
    const { path, model } = this._context;
    const order: string[] = [];
    const cells: IDocumentCell[] = [];
    for (const cell of model.cells) {
      order.push(cell.id);
      const source = cell.sharedModel.getSource();
      const tags = tagsOf(cell.getMetadata('tags'));
      const key = `${cell.type} ${tags.join(' ')}`;
      const told = this._told.get(cell.id);
      if (told?.source !== source || told.key !== key) {
        this._told.set(cell.id, { source, key });
        cells.push({ id: cell.id, type: typeOf(cell.type), source, tags });
      }
    }
    const moved =
      order.length !== this._order.length ||
      order.some((id, index) => id !== this._order[index]);
    const renamed = path !== this._path;
    const { dirty } = model;
    if (!moved && !renamed && cells.length === 0 && dirty === this._dirty) {
      return null;
    }
    this._path = path;
    this._dirty = dirty;
    if (moved) {
      this._order = order;
      const present = new Set(order);
      for (const id of [...this._told.keys()]) {
        if (!present.has(id)) {
          this._told.delete(id);
        }
      }
    }
    return {
      path: renamed ? path : null,
      order: moved ? order : null,
      cells,
      dirty
    };
  }

  private readonly _context: NotebookContext;
  private readonly _told = new Map<string, { source: string; key: string }>();
  private _path: string | null = null;
  private _order: string[] = [];
  private _dirty = false;
}

function typeOf(type: string): IDocumentCell['type'] {
  return type === 'code' || type === 'markdown' ? type : 'raw';
}

function tagsOf(tags: unknown): string[] {
  return Array.isArray(tags)
    ? tags.filter((tag): tag is string => typeof tag === 'string')
    : [];
}
