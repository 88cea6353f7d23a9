/** One credential: whether its device is there, when it was last heard, what it speaks for, and what can be done with it. */
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Since } from '../../app/Age';
import { useDataText, useFormats } from '../../app/hooks';
import { api } from '../../app/services';
import { Confirm } from './Confirm';
import { type Connection, type Credential, type Device, revokeDevice, rotateDevice, scopeOf } from './devices';
import { PlugShape } from './StatusShape';

type DeviceRowProps = { device: Device; timeZone: string | undefined; onToken: (credential: Credential) => void; onRevoked: () => void };

export function DeviceRow({ device, timeZone, onToken, onRevoked }: DeviceRowProps) {
  const { t } = useTranslation();
  const formats = useFormats(timeZone);
  const { name, username, connected, connections, created_at: created, revoked_at: revoked, last_message_at: lastMessage } = device;
  const state = revoked !== undefined ? 'revoked' : connected ? 'connected' : 'notConnected';
  return (
    <li className="device" data-device={username} data-state={state}>
      <div className="device-head">
        <h2 className="device-name">{name}</h2>
        <p className="device-state"><PlugShape connected={state === 'connected'} /><span>{t(`messages.device.${state}`)}</span></p>
      </div>
      <dl className="device-facts">
        <Fact name={t('messages.device.lastMessage')}>{lastMessage === undefined ? t('messages.device.noMessage') : <Ago at={lastMessage} timeZone={timeZone} />}</Fact>
        {connections[0] !== undefined && <Fact name={t('messages.device.connectedFor')}><Since since={connections[0].since} timeZone={timeZone} /></Fact>}
        <Fact name={t('messages.device.scope')}><Scope scope={device.scope} /></Fact>
        <Fact name={t('messages.device.username')}><code>{username}</code></Fact>
        <Fact name={t('messages.device.created')}>{formats.dayAndClock(created)}</Fact>
        {revoked !== undefined && <Fact name={t('messages.device.revoked')}>{formats.dayAndClock(revoked)}</Fact>}
      </dl>
      {connections.length > 0 && <Connections connections={connections} timeZone={timeZone} />}
      {revoked === undefined && <Actions device={device} onToken={onToken} onRevoked={onRevoked} />}
    </li>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** By the server's clock, to the second. */
function Ago({ at, timeZone }: { at: number; timeZone: string | undefined }) {
  const { t } = useTranslation();
  const formats = useFormats(timeZone);
  const age = useDataText((now) => formats.age(now - at));
  return <time dateTime={new Date(at).toISOString()} title={formats.dayAndClock(at)}>{t('messages.device.ago', { age })}</time>;
}

function Scope({ scope }: { scope: string }) {
  const { t } = useTranslation();
  const { site, line, machine } = scopeOf(scope);
  if (site === undefined) return t('messages.device.wholeCompany');
  if (line === undefined) return t('messages.device.wholeSite');
  return machine === undefined ? t('messages.device.lineScope', { line }) : `${line} / ${machine}`;
}

function Connections({ connections, timeZone }: { connections: readonly Connection[]; timeZone: string | undefined }) {
  const { t } = useTranslation();
  const formats = useFormats(timeZone);
  return (
    <details className="device-sessions">
      <summary>{t('messages.device.sessions', { count: connections.length })}</summary>
      <ul>
        {connections.map(({ client_id: id, protocol, peer, since }) => (
          <li key={id}>
            <code>{id}</code>
            <span className="text-muted">{t('messages.device.session', { protocol, peer: peer ?? t('messages.device.unknownPeer') })}</span>
            <span className="text-muted">{formats.dayAndClock(since)}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

type ActionsProps = Pick<DeviceRowProps, 'device' | 'onToken' | 'onRevoked'>;

function Actions({ device: { name, username }, onToken, onRevoked }: ActionsProps) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState<'rotate' | 'revoke' | null>(null);
  const close = () => { setAsking(null); };
  return (
    <div className="device-actions">
      <button type="button" className="button" aria-label={t('messages.device.rotateOf', { name })} onClick={() => { setAsking('rotate'); }}>{t('messages.device.rotate')}</button>
      <button type="button" className="button" aria-label={t('messages.device.revokeOf', { name })} onClick={() => { setAsking('revoke'); }}>{t('messages.device.revoke')}</button>
      {asking === 'rotate' && (
        <Confirm title={t('messages.device.rotateTitle', { name })} text={t('messages.device.rotateText')} action={t('messages.device.rotate')} onConfirm={async () => { onToken(await rotateDevice(api, username)); }} onClose={close} />
      )}
      {asking === 'revoke' && (
        <Confirm title={t('messages.device.revokeTitle', { name })} text={t('messages.device.revokeText')} action={t('messages.device.revoke')} onConfirm={async () => { await revokeDevice(api, username); onRevoked(); }} onClose={close} />
      )}
    </div>
  );
}
