/**
 * The facts as numbered events bring them: in order, each once, none left out.
 */
import { after, whileBusy, withJob } from '../facts';
import type { Facts } from '../facts';
import type { Event } from '../protocol';

/** What became of an event. */
export type Fate = 'taken' | 'kept' | 'known' | 'gap';

/** Holds the facts of one link. */
export class Feed {
  /** What is known; nothing until the first state. */
  get facts(): Facts | null {
    return this._facts;
  }

  /** Take over all facts, then what was told while they were under way; false: some of that is missing too. */
  start(facts: Facts, seq: number): boolean {
    this._facts = facts;
    this._seq = seq;
    this._waits = false;
    const early = this._early;
    this._early = [];
    return early.every(event => this.receive(event) !== 'gap');
  }

  /** Take an event, or keep it until all facts are there; `gap`: ask for all facts. */
  receive(event: Event): Fate {
    if (!this._facts || this._waits) {
      this._early.push(event);
      return 'kept';
    }
    if (event.seq <= this._seq) {
      return 'known';
    }
    if (event.seq > this._seq + 1) {
      this._early.push(event);
      this._waits = true;
      return 'gap';
    }
    this._seq = event.seq;
    switch (event.type) {
      case 'delta':
        this._facts = after(this._facts, event);
        break;
      case 'kernel':
        this._facts = whileBusy(this._facts, event.busy);
        break;
      case 'job':
        this._facts = withJob(this._facts, event.job);
        break;
      case 'notice': // it stands below the cell already
      case 'closed': // the link sees to it
        break;
    }
    return 'taken';
  }

  private _facts: Facts | null = null;
  private _seq = 0;
  private _early: Event[] = [];
  private _waits = false;
}
