/** A state of a whole view: empty, refused, unknown, or still loading. */
import type { ReactNode } from 'react';

type NoticeProps = { title: string; children?: ReactNode; action?: ReactNode; busy?: boolean; /** 2 where the view has its heading already. */ level?: 1 | 2 };

export function Notice({ title, children, action, busy = false, level = 1 }: NoticeProps) {
  const Heading = level === 1 ? 'h1' : 'h2';
  return (
    <div className="grid flex-1 place-content-center px-6 py-16 text-center" role="status" aria-busy={busy}>
      <Heading className="text-[1.4em] font-semibold text-balance">{title}</Heading>
      {children !== undefined && <p className="mt-2 max-w-[44ch] text-muted text-pretty">{children}</p>}
      {action !== undefined && <div className="mt-5">{action}</div>}
    </div>
  );
}
