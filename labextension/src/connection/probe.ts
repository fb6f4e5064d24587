/**
 * Whether the extension is loaded in a kernel, asked without leaving a trace there.
 */
import type { Kernel } from '@jupyterlab/services';

import { TARGET } from '../protocol';

/** What a kernel has of us; of one that is not for Python its language. */
export type Found =
  | 'linkable'
  | 'too old'
  | 'not loaded'
  | 'not installed'
  | { language: string };

const SHELL = 'get_ipython()';
/** Expressions, not statements: they are evaluated silently and bind nothing. */
const QUESTIONS = {
  target: `'${TARGET}' in ${SHELL}.kernel.comm_manager.targets`,
  loaded: `'jupyter_repro' in ${SHELL}.extension_manager.loaded`,
  installed:
    "__import__('importlib.util').util.find_spec('jupyter_repro') is not None"
};

/**
 * Ask by a silent request: no cell, no history, no line in the kernel's log. A comm on a target that is not there
 * would be logged as an error in the user's terminal at each start of a kernel.
 */
export async function probe(kernel: Kernel.IKernelConnection): Promise<Found> {
  const language = (await kernel.info).language_info.name;
  if (language !== 'python') {
    return { language };
  }
  const future = kernel.requestExecute({
    code: '',
    silent: true,
    store_history: false,
    allow_stdin: false,
    user_expressions: QUESTIONS
  });
  const reply = await future.done;
  const answers =
    reply.content.status === 'ok' ? reply.content.user_expressions : {};
  const yes = (name: keyof typeof QUESTIONS) => said(answers[name]) === 'True';
  if (yes('target')) {
    return 'linkable';
  }
  if (yes('loaded')) {
    return 'too old';
  }
  return yes('installed') ? 'not loaded' : 'not installed';
}

/** Load the extension; returns the error's last line, or nothing where it went well. */
export async function load(kernel: Kernel.IKernelConnection): Promise<string> {
  const reply = await kernel.requestExecute({
    code: '%load_ext jupyter_repro',
    silent: false,
    store_history: false,
    allow_stdin: false
  }).done;
  return reply.content.status === 'error'
    ? `${reply.content.ename}: ${reply.content.evalue}`
    : '';
}

function said(answer: unknown): string | undefined {
  const data = (answer as { data?: Record<string, unknown> } | undefined)?.data;
  const plain = data?.['text/plain'];
  return typeof plain === 'string' ? plain : undefined;
}
