/**
 * What a panel asks, on the comm of role `requests`. The kernel's side checks each field.
 */
import type { SeedPlan } from './facts';
import type { ReplyOf } from './replies';
import type { SectionName } from './sections';

/** One cell as the notebook has it. */
export interface IDocumentCell {
  id: string;
  type: 'code' | 'markdown' | 'raw';
  source: string;
  tags: string[];
}

/** What is another in the document since the last message; all of it in the first. */
export interface IDocumentChange {
  path: string | null;
  order: string[] | null;
  cells: IDocumentCell[];
  dirty: boolean;
}

/** With what a comm is opened. */
export interface IOpening {
  role: 'requests' | 'events';
  client: string;
  protocol: number;
}

/** Options of an export. */
export interface IExportOptions {
  path: string;
  prove: boolean;
  calibrate: number;
  profile: 'cpu' | 'gpu';
  cell_timeout_s: number | null;
  offline: boolean;
  anonymous: boolean;
  /** `500MB`; empty: 1 GB. */
  max_data: string;
  /** `data/train.bin=https://...` */
  addresses: string[];
  include: string[];
  /** `cell 7: Table 2, row 3` */
  claims: string[];
  /** `RP801=why` */
  waivers: string[];
  allowed_secrets: string[];
  image: string;
  /** A private key of ssh; empty: not signed. */
  sign: string;
}

/** Under what a bundle is verified. */
export interface IVerifyOptions {
  sandbox: 'required' | 'if-possible' | 'off';
  network: boolean;
}

/** Each request by its type: its fields beside `type` and `id`, and the reply that a success gets. */
export interface IRequests {
  open: {
    fields: {
      protocol: number;
      version: string;
      document: IDocumentChange | null;
    };
    reply: ReplyOf<'opened'>;
  };
  document: { fields: { document: IDocumentChange }; reply: ReplyOf<'done'> };
  state: { fields: object; reply: ReplyOf<'state'> };
  section: {
    fields: {
      name: SectionName;
      cell?: string | null;
      run?: string;
      limit?: number;
    };
    reply: ReplyOf<SectionName>;
  };
  watch: {
    fields: { show: 'everything' | 'headline' | 'nothing' };
    reply: ReplyOf<'done'>;
  };
  ping: { fields: object; reply: ReplyOf<'pong'> };
  govern: { fields: Partial<SeedPlan>; reply: ReplyOf<'governed'> };
  off: { fields: object; reply: ReplyOf<'done'> };
  notices: { fields: { on: boolean }; reply: ReplyOf<'done'> };
  allow: {
    fields: { cell: string; code: string; reason: string };
    reply: ReplyOf<'edit'>;
  };
  annotate: {
    fields: { key: string; text: string };
    reply: ReplyOf<'checklist'>;
  };
  track: {
    fields: { paths: readonly string[]; accept: boolean };
    reply: ReplyOf<'tracked'>;
  };
  plan: { fields: object; reply: ReplyOf<'plan'> };
  diff: {
    fields: { first: string; second: string };
    reply: ReplyOf<'diff'>;
  };
  weigh: { fields: IExportOptions; reply: ReplyOf<'bundle'> };
  export: { fields: IExportOptions; reply: ReplyOf<'job'> };
  verify: {
    fields: { path: string } & IVerifyOptions;
    reply: ReplyOf<'job'>;
  };
  prove: { fields: object; reply: ReplyOf<'job'> };
  cancel: { fields: { job: string }; reply: ReplyOf<'job'> };
}

export type RequestType = keyof IRequests;
