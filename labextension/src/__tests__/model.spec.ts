/**
 * @jest-environment node
 */
import { Signal } from '@lumino/signaling';

import type { KernelLink } from '../connection/link';
import { PanelModel } from '../panel/model';

/** A panel beside a notebook that is linked, and the names of the sections that it asked for. */
function shown() {
  const asked: string[] = [];
  const source = {
    current: {
      link: {
        facts: { busy: null },
        request: (_: string, { name }: { name: string }) => {
          asked.push(name);
          return Promise.resolve({ type: name });
        }
      } as unknown as KernelLink
    },
    currentChanged: new Signal<object, void>({}),
    changed: new Signal<object, void>({})
  };
  const model = new PanelModel(source);
  model.visible = true;
  return { model, asked, source };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('what the panel asks for', () => {
  it('is each open section once, and anew when something has changed', async () => {
    const { model, asked, source } = shown();
    model.toggle('inputs');
    model.toggle('environment');
    await jest.advanceTimersByTimeAsync(3000);
    expect(asked.sort()).toEqual(['drift', 'environment', 'inputs']);
    source.changed.emit();
    await jest.advanceTimersByTimeAsync(3000);
    expect(asked).toHaveLength(6);
  });

  it('is the clocks each second while their section is open, and nothing else with them', async () => {
    const { model, asked } = shown();
    model.toggle('environment');
    model.toggle('gpu');
    await jest.advanceTimersByTimeAsync(5500);
    const count = (name: string) => asked.filter(each => each === name).length;
    expect(count('gpu')).toBeGreaterThanOrEqual(5);
    expect([count('drift'), count('environment')]).toEqual([1, 1]);
    model.toggle('gpu');
    await jest.advanceTimersByTimeAsync(1000);
    const before = count('gpu');
    await jest.advanceTimersByTimeAsync(5000);
    expect(count('gpu')).toBe(before);
  });

  it('is nothing while the panel is hidden', async () => {
    const { model, asked, source } = shown();
    model.toggle('gpu');
    await jest.advanceTimersByTimeAsync(1500);
    model.visible = false;
    await jest.advanceTimersByTimeAsync(1000);
    const before = asked.length;
    source.changed.emit();
    await jest.advanceTimersByTimeAsync(10000);
    expect(asked).toHaveLength(before);
  });
});
