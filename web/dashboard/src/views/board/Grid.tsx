/** The tiles of the board, as large as the screen allows. */
import { type CSSProperties, type RefObject, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { shallow } from 'zustand/shallow';
import { boardLayout, type BoardLayout } from './layout';
import type { Line } from './site';
import { Tile } from './Tile';

type GridProps = { lines: readonly Line[]; siteCode: string; timeZone: string | undefined; wall: boolean };

export function Grid({ lines, siteCode, timeZone, wall }: GridProps) {
  const { t } = useTranslation();
  const list = useRef<HTMLUListElement>(null);
  const layout = useBoardLayout(list, lines.length, wall);
  const style = { '--columns': layout.columns, '--rows': layout.rows, '--tile-font': `${layout.fontPx}px` } as CSSProperties;
  return (
    <ul ref={list} className="board-grid" aria-label={t('board.lines')} data-detail={layout.detail} data-fits={layout.fits} data-tall={layout.tall} style={style}>
      {lines.map((line) => (
        <Tile key={line.code} line={line} siteCode={siteCode} timeZone={timeZone} detail={layout.detail} />
      ))}
    </ul>
  );
}

const FIRST: BoardLayout = { columns: 1, rows: 1, fontPx: 16, detail: 'essential', fits: false, tall: false };

/** Measures before the first paint and again whenever the window or what stands above the tiles changes. */
function useBoardLayout(list: RefObject<HTMLUListElement | null>, count: number, wall: boolean): BoardLayout {
  const [layout, setLayout] = useState(FIRST);
  useLayoutEffect(() => {
    const element = list.current;
    const above = element?.parentElement;
    if (element === null || above === null || above === undefined) return;
    const measure = () => {
      const root = getComputedStyle(document.documentElement);
      const top = element.getBoundingClientRect().top + window.scrollY;
      const bottom = parseFloat(getComputedStyle(above).paddingBottom);
      const area = { width: element.clientWidth, height: window.innerHeight - top - bottom, rootPx: parseFloat(root.fontSize), wallPx: wall ? window.innerHeight : null };
      const next = boardLayout(count, area);
      setLayout((known) => (shallow(known, next) ? known : next));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(above);
    window.addEventListener('resize', measure);
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', measure);
    };
  }, [list, count, wall]);
  return layout;
}
