/**
 * GPU: identity, and clocks, temperature and throttling live while the section is open.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { Device } from '../protocol';
import { clock, shown, size } from '../text';
import { DifferenceView } from './environment';
import { Answered, Pairs, Quiet, Tag, Text } from './parts';
import type { IViewProps } from './parts';

/** The section's body. */
export function GpuView(props: IViewProps): JSX.Element {
  const { model, trans } = props;
  return (
    <Answered answer={model.answer('gpu')} trans={trans}>
      {({ devices, absent, at }) =>
        devices.length === 0 ? (
          <>
            <Quiet>
              {trans.__(
                'No GPU: %1',
                shown(absent) || trans.__('none is seen')
              )}
            </Quiet>
            <Reference {...props} has={false} />
          </>
        ) : (
          <>
            {devices.map(device => (
              <DeviceView key={device.index} device={device} trans={trans} />
            ))}
            <Quiet>{trans.__('live, as of %1', clock(at))}</Quiet>
            <Reference {...props} has />
          </>
        )
      }
    </Answered>
  );
}

/** Whether the devices are those of the run that made the saved outputs. */
function Reference(props: IViewProps & { has: boolean }): JSX.Element {
  const { model, trans, has } = props;
  return (
    <>
      <h4>{trans.__('Against the saved outputs')}</h4>
      <Answered answer={model.answer('drift')} trans={trans}>
        {({ drift, devices }) => {
          if (!drift.record) {
            return (
              <Quiet>
                <Text>{drift.sentence}</Text>
              </Quiet>
            );
          }
          const other = drift.differences.filter(({ what }) =>
            devices.includes(what)
          );
          const unseen = drift.unknown.filter(({ what }) =>
            devices.includes(what)
          );
          if (unseen.length > 0 && other.length === 0) {
            return (
              <>
                <p>
                  <Tag tone="warn">{trans.__('unknown')}</Tag>{' '}
                  {trans.__('It could not be compared.')}
                </p>
                <Pairs
                  rows={unseen.map(each => [
                    shown(each.what, 80),
                    shown(each.reason)
                  ])}
                />
              </>
            );
          }
          if (other.length === 0) {
            return (
              <p>
                <Tag tone="good">{trans.__('the same')}</Tag>{' '}
                {has
                  ? trans.__(
                      'They were made on a GPU of this kind, with this driver and these libraries.'
                    )
                  : trans.__('No GPU was seen then either.')}
              </p>
            );
          }
          return (
            <ul className="jp-Repro-list">
              {other.map(each => (
                <DifferenceView key={each.what} {...props} difference={each} />
              ))}
            </ul>
          );
        }}
      </Answered>
    </>
  );
}

function DeviceView(props: {
  device: Device;
  trans: TranslationBundle;
}): JSX.Element {
  const { device, trans } = props;
  const known = (value: number | null, unit: string) =>
    value === null ? trans.__('not told') : `${Math.round(value)} ${unit}`;
  const of = (value: number | null, most: number | null, unit: string) =>
    most === null
      ? known(value, unit)
      : trans.__('%1 of %2', known(value, unit), known(most, unit));
  const memory =
    device.memory_used_bytes === null || device.memory_bytes === null
      ? trans.__('not told')
      : trans.__(
          '%1 of %2',
          size(device.memory_used_bytes),
          size(device.memory_bytes)
        );
  return (
    <div className="jp-Repro-device">
      <p className="jp-Repro-lead">
        <strong>{shown(device.title)}</strong>{' '}
        <Tag tone={device.throttled ? 'warn' : 'good'}>
          {device.throttled ? trans.__('throttled') : trans.__('at full speed')}
        </Tag>
      </p>
      <Pairs
        rows={[
          [
            trans.__('Clock'),
            of(device.clock_mhz, device.clock_max_mhz, 'MHz')
          ],
          [
            trans.__('Temperature'),
            device.slowdown_at_c === null
              ? known(device.temperature_c, '°C')
              : trans.__(
                  '%1, slows down at %2',
                  known(device.temperature_c, '°C'),
                  known(device.slowdown_at_c, '°C')
                )
          ],
          [trans.__('Power'), of(device.power_w, device.power_limit_w, 'W')],
          [trans.__('Memory'), memory],
          ...(device.slowed_by.length > 0
            ? [
                [
                  trans.__('Slowed by'),
                  device.slowed_by.map(each => shown(each, 80)).join(', ')
                ] as const
              ]
            : []),
          ...(device.trust
            ? [[trans.__('Memory errors'), shown(device.trust)] as const]
            : [])
        ]}
      />
    </div>
  );
}
