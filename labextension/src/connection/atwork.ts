/**
 * Linking with a kernel that is at work when the page comes: it answers on no shell but one of our own.
 */
import { KernelMessage } from '@jupyterlab/services';
import type { Kernel } from '@jupyterlab/services';

/** How long a kernel may take to tell of itself before it counts as at work. */
const ANSWERS_MS = 1000;

/** Where the browser keeps which kernels had us, and subshells: others would log what they do not know. */
const KNOWN = 'jupyter-repro:linked-kernels';
const MOST = 50;

function known(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KNOWN) ?? '[]');
    return Array.isArray(kept) ? kept.map(String) : [];
  } catch {
    return []; // no storage, or not ours
  }
}

/** Keep in mind whether a kernel can be linked while it is at work. */
export function remember(id: string, linkable: boolean): void {
  const others = known().filter(each => each !== id);
  const kept = linkable ? [...others, id].slice(-MOST) : others;
  try {
    localStorage.setItem(KNOWN, JSON.stringify(kept));
  } catch {
    // without storage a new page waits until the cell ends
  }
}

/**
 * A subshell of our own in a kernel that is at work and has the extension; never, where it answers by itself or has
 * not been linked before.
 */
export async function subshellAtWork(
  kernel: Kernel.IKernelConnection
): Promise<{ subshell: string }> {
  const never = new Promise<never>(() => undefined);
  if (!known().includes(kernel.id)) {
    return never;
  }
  const answered = await Promise.race([
    kernel.info.then(() => true),
    new Promise<false>(resolve => setTimeout(() => resolve(false), ANSWERS_MS))
  ]);
  if (answered) {
    return never;
  }
  // the control channel answers meanwhile; the connection asks there only after the kernel has told of itself
  const request =
    KernelMessage.createMessage<KernelMessage.ICreateSubshellRequestMsg>({
      msgType: 'create_subshell_request',
      channel: 'control',
      session: kernel.clientId,
      username: kernel.username,
      content: {}
    });
  const reply = (await kernel.sendControlMessage(request, true, true)
    .done) as KernelMessage.ICreateSubshellReplyMsg;
  return { subshell: reply.content.subshell_id };
}
