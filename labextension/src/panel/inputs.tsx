/**
 * Inputs: the files that cells read and wrote, with digests, and whom they talked to.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { SeenFile } from '../protocol';
import { shown, size } from '../text';
import { Answered, Button, Quiet, Tag, Text } from './parts';
import type { IViewProps } from './parts';

/** The section's body. */
export function InputsView(props: IViewProps): JSX.Element {
  const { model, trans, act } = props;
  return (
    <Answered answer={model.answer('inputs')} trans={trans}>
      {({ inputs, more_files }) => {
        const loose = inputs.files.filter(
          file => file.role === 'data' && file.tracked === ''
        );
        return (
          <>
            {inputs.files.length === 0 ? (
              <Quiet>
                {trans.__('No cell has read or written a file yet.')}
              </Quiet>
            ) : (
              <ul className="jp-Repro-list">
                {inputs.files.map(file => (
                  <FileRow
                    key={`${file.role} ${file.path}`}
                    file={file}
                    trans={trans}
                    act={act}
                  />
                ))}
              </ul>
            )}
            {more_files > 0 ? (
              <Quiet>{trans.__('and %1 more', more_files)}</Quiet>
            ) : null}
            {loose.length > 1 ? (
              <div className="jp-Repro-buttons">
                <Button
                  onClick={() =>
                    act('track', {
                      paths: loose.map(file => file.path),
                      accept: false
                    })
                  }
                >
                  {trans.__('Track all %1 data files', loose.length)}
                </Button>
              </div>
            ) : null}
            {inputs.contacts.length > 0 ? (
              <>
                <h4>{trans.__('Network')}</h4>
                <ul className="jp-Repro-list">
                  {inputs.contacts.map((contact, index) => (
                    <li key={index}>
                      <p>
                        {shown(contact.cell, 60)}
                        {': '}
                        {contact.hosts
                          .map(host => shown(host, 80))
                          .join(', ') || trans.__('hosts not seen')}{' '}
                        <Tag tone={contact.recorded ? 'good' : 'warn'}>
                          {contact.recorded
                            ? trans.__('answers recorded')
                            : trans.__('not recorded')}
                        </Tag>
                      </p>
                    </li>
                  ))}
                </ul>
              </>
            ) : null}
            {inputs.unseen.length > 0 ? (
              <Quiet>
                {trans.__(
                  'May have read files unseen: %1',
                  inputs.unseen.map(each => shown(each, 60)).join(', ')
                )}
              </Quiet>
            ) : null}
          </>
        );
      }}
    </Answered>
  );
}

function FileRow(props: {
  file: SeenFile;
  trans: TranslationBundle;
  act: IViewProps['act'];
}): JSX.Element {
  const { file, trans, act } = props;
  const users = [...new Set([...file.read_by, ...file.written_by])];
  return (
    <li>
      <p>
        <code>{shown(file.path, 200)}</code> <Tag>{role(trans, file.role)}</Tag>{' '}
        {file.tracked === 'as tracked' ? (
          <Tag tone="good">{trans.__('as tracked')}</Tag>
        ) : file.tracked === 'not as tracked' ? (
          <Tag tone="bad">{trans.__('not as tracked')}</Tag>
        ) : null}
      </p>
      <p className="jp-Repro-why">
        {file.size === null ? trans.__('size unknown') : size(file.size)}
        {' · '}
        {file.sha256 ? (
          <code title={file.sha256}>{file.sha256.slice(0, 12)}</code>
        ) : (
          trans.__('no digest')
        )}
        {users.length > 0
          ? ` · ${users.map(each => shown(each, 40)).join(', ')}`
          : ''}
      </p>
      {file.note ? (
        <p className="jp-Repro-remedy">
          <Text>{file.note}</Text>
        </p>
      ) : null}
      {file.role === 'data' && file.tracked !== 'as tracked' ? (
        <div className="jp-Repro-buttons">
          <Button
            onClick={() =>
              act('track', {
                paths: [file.path],
                accept: file.tracked === 'not as tracked'
              })
            }
          >
            {file.tracked === 'not as tracked'
              ? trans.__('Accept this file')
              : trans.__('Track this file')}
          </Button>
        </div>
      ) : null}
    </li>
  );
}

function role(trans: TranslationBundle, word: SeenFile['role']): string {
  switch (word) {
    case 'data':
      return trans.__('data');
    case 'source':
      return trans.__('source');
    case 'product':
      return trans.__('product');
    case 'output':
      return trans.__('output');
  }
}
