/**
 * One badge. Plain DOM: a notebook may have hundreds, so one is made once and changed in place.
 */
import { hideCard, showCard, toggleCard } from './badgecard';
import type { IBadgeOptions } from './badgecard';
import type { CellVerdict } from './protocol';
import { shown } from './text';
import { looks, verdictLabel } from './verdicts';

const SVG = 'http://www.w3.org/2000/svg';
const BADGE = 'jp-ReproBadge';

/** The badge of one cell's node. */
export class Badge {
  constructor(
    private readonly _node: HTMLElement,
    cell: CellVerdict,
    private readonly _options: IBadgeOptions
  ) {
    this._cell = cell;
    const badge = (this._badge = blank());
    this._path = badge.firstElementChild?.firstElementChild as SVGElement;
    this._label = badge.lastElementChild?.firstChild as Text;
    badge.addEventListener('click', event => {
      event.stopPropagation();
      toggleCard(badge, this._cell, _options);
    });
    badge.addEventListener('mouseenter', () =>
      showCard(badge, this._cell, _options)
    );
    this.show(cell);
    _node.append(badge);
  }

  /** The verdict that it shows. */
  get cell(): CellVerdict {
    return this._cell;
  }

  /** Show another verdict. */
  show(cell: CellVerdict): void {
    const { trans } = this._options;
    const label = verdictLabel(trans, cell.verdict);
    hideCard(this._badge);
    this._cell = cell;
    this._badge.setAttribute(
      'aria-label',
      trans.__('%1: %2', label, cell.why.map(why => shown(why)).join(' '))
    );
    if (this._node.dataset.reproVerdict !== cell.verdict) {
      const look = looks[cell.verdict];
      this._badge.className = `${BADGE} jp-mod-${look.tone}`;
      this._path.setAttribute('d', look.path);
      this._label.data = label;
      this._node.dataset.reproVerdict = cell.verdict;
    }
  }

  /** Take it away. */
  remove(): void {
    hideCard(this._badge);
    this._badge.remove();
    delete this._node.dataset.reproVerdict;
  }

  private _cell: CellVerdict;
  private readonly _badge: HTMLButtonElement;
  private readonly _path: SVGElement;
  private readonly _label: Text;
}

let template: HTMLButtonElement | null = null;

/** A badge that shows nothing yet; a copy is made faster than a new one. */
function blank(): HTMLButtonElement {
  if (!template) {
    template = document.createElement('button');
    template.type = 'button';
    // the notebook's own keys stay as they are: the same facts are reached by keyboard in the panel
    template.tabIndex = -1;
    const svg = document.createElementNS(SVG, 'svg');
    svg.setAttribute('viewBox', '0 0 16 16');
    svg.setAttribute('aria-hidden', 'true');
    svg.append(document.createElementNS(SVG, 'path'));
    const label = document.createElement('span');
    label.append(document.createTextNode(' '));
    template.append(svg, label);
  }
  return template.cloneNode(true) as HTMLButtonElement;
}
