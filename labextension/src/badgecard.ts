/**
 * The card that a badge shows: why, in words, with links to the cells behind it. One is open at a time.
 */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { CellVerdict } from './protocol';
import { shown } from './text';
import { verdictLabel, verdictMeaning } from './verdicts';

const CARD = 'jp-ReproBadge-card';

/** What a click does. */
export interface IBadgeActs {
  /** Scroll to a cell. */
  goTo: (cell: string) => void;
  /** Show a cell in the panel. */
  open: (cell: string) => void;
}

/** What a badge needs beside its verdict. */
export interface IBadgeOptions extends IBadgeActs {
  trans: TranslationBundle;
  /** The name of a cell; nothing if it is gone. */
  labelOf: (cell: string) => string | undefined;
}

let open: { badge: Element; card: HTMLElement; stop: () => void } | null = null;

/** Keep the card open, or close it. */
export function toggleCard(
  badge: HTMLElement,
  cell: CellVerdict,
  options: IBadgeOptions
): void {
  if (open?.badge === badge && open.card.classList.contains('jp-mod-pinned')) {
    hideCard();
  } else {
    showCard(badge, cell, options);
    open?.card.classList.add('jp-mod-pinned');
    open?.card.querySelector('button')?.focus();
  }
}

/** Open the card, in place of another's. */
export function showCard(
  badge: HTMLElement,
  cell: CellVerdict,
  options: IBadgeOptions
): void {
  if (open?.badge === badge) {
    return;
  }
  hideCard();
  const card = cardOf(cell, options);
  document.body.append(card);
  place(card, badge);
  const outside = (event: Event) => {
    const target = event.target as Node | null;
    if (!card.contains(target) && !badge.contains(target)) {
      hideCard();
    }
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      hideCard();
    }
  };
  const onMove = (event: MouseEvent) => {
    if (!card.classList.contains('jp-mod-pinned')) {
      outside(event);
    }
  };
  document.addEventListener('mousedown', outside, true);
  document.addEventListener('mouseover', onMove, true);
  document.addEventListener('keydown', onKey, true);
  document.addEventListener('wheel', outside, true);
  open = {
    badge,
    card,
    stop: () => {
      document.removeEventListener('mousedown', outside, true);
      document.removeEventListener('mouseover', onMove, true);
      document.removeEventListener('keydown', onKey, true);
      document.removeEventListener('wheel', outside, true);
    }
  };
}

/** Close the card; with a badge: only if it is that one's. */
export function hideCard(badge?: Element): void {
  if (badge && open?.badge !== badge) {
    return;
  }
  open?.stop();
  open?.card.remove();
  open = null;
}

function cardOf(cell: CellVerdict, options: IBadgeOptions): HTMLElement {
  const { trans, labelOf } = options;
  const card = document.createElement('div');
  card.className = CARD;
  card.setAttribute('role', 'dialog');
  card.setAttribute(
    'aria-label',
    trans.__('Why %1 is %2', cell.label, verdictLabel(trans, cell.verdict))
  );
  card.append(text('strong', verdictLabel(trans, cell.verdict)));
  card.append(text('p', verdictMeaning(trans, cell.verdict)));
  for (const why of cell.why) {
    card.append(text('p', shown(why)));
  }
  const links = document.createElement('p');
  for (const id of cell.because_of.slice(0, 8)) {
    const label = labelOf(id);
    if (label !== undefined) {
      links.append(link(shown(label, 60), () => options.goTo(id)));
    }
  }
  links.append(
    link(trans.__('Show in the panel'), () => options.open(cell.id))
  );
  card.append(links);
  return card;
}

function link(label: string, act: () => void): HTMLElement {
  const button = text('button', label) as HTMLButtonElement;
  button.type = 'button';
  button.className = 'jp-Repro-link';
  button.addEventListener('click', () => {
    hideCard();
    act();
  });
  return button;
}

function place(card: HTMLElement, badge: HTMLElement): void {
  const box = badge.getBoundingClientRect();
  const height = card.offsetHeight;
  const below = box.bottom + 2 + height <= window.innerHeight;
  card.style.left = `${box.left}px`;
  card.style.top = `${below ? box.bottom + 2 : Math.max(0, box.top - 2 - height)}px`;
}

function text(tag: string, content: string): HTMLElement {
  const node = document.createElement(tag);
  node.textContent = content;
  return node;
}
