/**
 * Jobs told outside of the panel: one notification when work in the background has ended.
 */
import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { KernelLink } from './connection/link';
import type { Notebooks } from './notebooks';
import { jobLabel } from './panel/bundle';
import type { Job } from './protocol';
import { shown } from './text';

/**
 * Tell of each job that has been seen at work and has ended.
 *
 * @param isShown - Whether the panel shows jobs: a notification would say it twice, and lie over the panel's buttons.
 */
export function tellOfJobs(
  notebooks: Notebooks,
  trans: TranslationBundle,
  show: () => void,
  isShown: () => boolean
): void {
  const seen = new WeakMap<KernelLink, Set<string>>();
  notebooks.changed.connect(() => {
    const link = notebooks.current?.link;
    if (!link) {
      return;
    }
    const atWork = seen.get(link) ?? new Set();
    seen.set(link, atWork);
    for (const job of link.facts?.jobs ?? []) {
      if (job.ended === null) {
        atWork.add(job.id);
      } else if (atWork.delete(job.id) && !isShown()) {
        tell(job, trans, show);
      }
    }
  });
}

function tell(job: Job, trans: TranslationBundle, show: () => void): void {
  const what = `${jobLabel(trans, job.kind)} ${shown(job.about, 80)}: `;
  const actions = [{ label: trans.__('Show'), callback: show }];
  if (job.state === 'done') {
    const sentence = what + shown(job.result?.sentence ?? trans.__('done'));
    if (job.result?.exit_code) {
      Notification.warning(sentence, { autoClose: false, actions });
    } else {
      Notification.success(sentence, { autoClose: 8000, actions });
    }
  } else if (job.state === 'failed') {
    Notification.error(what + shown(job.message), {
      autoClose: false,
      actions
    });
  }
}
