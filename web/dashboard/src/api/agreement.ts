/** Words that the dashboard writes out for itself, held to the OpenAPI document: compiled, never run. */
import type { ALERT_STATES } from '../alerts/alert';
import type { ServerFrame } from '../live/frames';
import type { Andon, MachineState, Severity } from '../vocabulary';
import type { Expect, Same, Schemas } from './types';

export type Agreement = [
  Expect<Same<MachineState, Schemas['MachineState']>>,
  Expect<Same<Severity, Schemas['Severity']>>,
  Expect<Same<Andon, Schemas['AndonColor']>>,
  Expect<Same<(typeof ALERT_STATES)[number], Schemas['AlertState']>>,
  Expect<Same<ServerFrame['type'], Schemas['ServerFrame']['type']>>,
];
