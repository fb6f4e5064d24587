/**
 * The small parts that the sections are made of.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { RequestFailed } from '../connection/channel';
import type { ILook } from '../verdicts';
import type { ReplyOf, SectionName } from '../protocol';
import { shown } from '../text';
import type { IAnswer, PanelModel, Section } from './model';

/** What each part of the panel is given. */
export interface IViewProps {
  model: PanelModel;
  trans: TranslationBundle;
  /** Run one of our commands, by its name after the colon. */
  act: (command: string, args?: Record<string, unknown>) => void;
}

/** An icon of 16; the text beside it says the same. */
export function Icon(props: { look: ILook }): JSX.Element {
  return (
    <svg
      className={`jp-Repro-icon jp-mod-${props.look.tone}`}
      viewBox="0 0 16 16"
      aria-hidden="true"
    >
      <path d={props.look.path} />
    </svg>
  );
}

/** Text that others wrote; what stands between backticks is set as code. */
export function Text(props: {
  children: string;
  most?: number;
  className?: string;
}): JSX.Element {
  const parts = shown(props.children, props.most).split('`');
  // an odd backtick begins nothing
  const pairs = parts.length % 2 === 1 ? parts.length : parts.length - 1;
  return (
    <span className={props.className}>
      {parts.map((part, index) =>
        index % 2 === 1 && index < pairs ? (
          <code key={index}>{part}</code>
        ) : index >= pairs ? (
          `\`${part}`
        ) : (
          part
        )
      )}
    </span>
  );
}

/** A button of the panel. */
export function Button(props: {
  onClick: () => void;
  children: React.ReactNode;
  label?: string;
  title?: string;
  accept?: boolean;
  disabled?: boolean;
}): JSX.Element {
  return (
    <button
      type="button"
      className={`jp-Repro-button jp-mod-styled ${props.accept ? 'jp-mod-accept' : 'jp-mod-minimal'}`}
      onClick={props.onClick}
      aria-label={props.label}
      title={props.title}
      disabled={props.disabled}
    >
      {props.children}
    </button>
  );
}

/** A cell's name; a click scrolls to the cell. */
export function CellLink(
  props: IViewProps & { cell: string; label?: string }
): JSX.Element {
  const { trans, cell } = props;
  const known = props.model.facts?.cells.find(each => each.id === cell);
  const label = props.label ?? known?.label;
  if (!label) {
    return <span>{trans.__('a cell that is gone')}</span>;
  }
  return (
    <button
      type="button"
      className="jp-Repro-link"
      onClick={() => props.act('go-to-cell', { cell })}
      title={trans.__('Scroll to %1', shown(label, 60))}
    >
      {shown(label, 60)}
    </button>
  );
}

/** Cells' names in a row. */
export function CellLinks(
  props: IViewProps & { cells: readonly string[] }
): JSX.Element {
  return (
    <span className="jp-Repro-cellLinks">
      {props.cells.slice(0, 12).map(cell => (
        <CellLink
          key={cell}
          cell={cell}
          model={props.model}
          trans={props.trans}
          act={props.act}
        />
      ))}
      {props.cells.length > 12 ? (
        <span>{props.trans.__('and %1 more', props.cells.length - 12)}</span>
      ) : null}
    </span>
  );
}

/** A sentence where there is nothing else to show. */
export function Quiet(props: { children: React.ReactNode }): JSX.Element {
  return <p className="jp-Repro-quiet">{props.children}</p>;
}

/** What could not be done, and the next step. */
export function Failure(props: { failure: RequestFailed }): JSX.Element {
  return (
    <p className="jp-Repro-failure" role="alert">
      <Text>{props.failure.message}</Text>
      {props.failure.remedy ? (
        <Text className="jp-Repro-remedy">{props.failure.remedy}</Text>
      ) : null}
    </p>
  );
}

/** What the kernel has told for a section, or why it has not. */
export function Answered<N extends SectionName>(props: {
  answer: IAnswer<N>;
  trans: TranslationBundle;
  children: (reply: ReplyOf<N>) => React.ReactNode;
}): JSX.Element {
  const { answer, trans } = props;
  return (
    <>
      {answer.failure ? <Failure failure={answer.failure} /> : null}
      {answer.reply ? (
        props.children(answer.reply)
      ) : answer.failure ? null : (
        <Quiet>{trans.__('Asking the kernel…')}</Quiet>
      )}
    </>
  );
}

/** Names with their values. */
export function Pairs(props: {
  rows: readonly (readonly [name: string, value: React.ReactNode])[];
}): JSX.Element {
  return (
    <dl className="jp-Repro-pairs">
      {props.rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** One section: a title that opens and closes it. */
export function SectionFrame(
  props: IViewProps & {
    section: Section;
    title: string;
    note?: string;
    children: () => React.ReactNode;
  }
): JSX.Element {
  const { model, section, title, note } = props;
  const open = model.isOpen(section);
  const id = `jp-Repro-section-${section}`;
  return (
    <section className="jp-Repro-section" data-section={section}>
      <h3 className="jp-Repro-sectionTitle">
        <button
          type="button"
          aria-expanded={open}
          aria-controls={id}
          onClick={() => model.toggle(section)}
        >
          <svg
            className={`jp-Repro-caret${open ? ' jp-mod-open' : ''}`}
            viewBox="0 0 16 16"
            aria-hidden="true"
          >
            <path d="M6 4l4 4-4 4z" />
          </svg>
          <span>{title}</span>
          {note ? <span className="jp-Repro-note">{note}</span> : null}
        </button>
      </h3>
      <div
        id={id}
        className="jp-Repro-sectionBody"
        role="region"
        aria-label={title}
        hidden={!open}
      >
        {open ? props.children() : null}
      </div>
    </section>
  );
}

/** A state in a word, as a small framed label. */
export function Tag(props: {
  children: string;
  tone?: 'good' | 'warn' | 'bad' | 'quiet';
}): JSX.Element {
  return (
    <span className={`jp-Repro-tag jp-mod-${props.tone ?? 'quiet'}`}>
      {props.children}
    </span>
  );
}
