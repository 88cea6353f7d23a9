/** The words of the shop floor that several views share: states, severities, Andon colours. */

export const STATES = ['running', 'idle', 'setup', 'down', 'maintenance', 'offline'] as const;
export const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;
export const ANDON = ['green', 'amber', 'red', 'grey'] as const;

export type MachineState = (typeof STATES)[number];
export type Severity = (typeof SEVERITIES)[number];
export type Andon = (typeof ANDON)[number];
/** What a line does, or `unknown` where a newer hub or a fault leaves no answer. */
export type LineStatus = MachineState | 'unknown';

const TONE: Record<LineStatus, Andon> = { running: 'green', idle: 'amber', setup: 'amber', maintenance: 'amber', down: 'red', offline: 'grey', unknown: 'grey' };

/** The Andon colour is the hub's; without one it follows from the status. Unknown is never shown as anything else. */
export function toneOf({ status, andon }: { status: LineStatus; andon?: Andon | undefined }): Andon {
  return status === 'unknown' ? 'grey' : (andon ?? TONE[status]);
}
