/** The tiles of the board, as large as the screen allows. */
import { type CSSProperties, type RefObject, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { shallow } from 'zustand/shallow';
import { boardLayout, type BoardLayout } from './layout';
import type { Line } from './site';
import { Tile } from './Tile';

export function Grid({ lines, timeZone }: { lines: readonly Line[]; timeZone: string | undefined }) {
  const { t } = useTranslation();
  const list = useRef<HTMLUListElement>(null);
  const layout = useBoardLayout(list, lines.length);
  const style = { '--columns': layout.columns, '--tile-font': `${layout.fontPx}px` } as CSSProperties;
  return (
    <ul ref={list} className="board-grid" aria-label={t('board.lines')} data-fits={layout.fits} data-tall={layout.tall} style={style}>
      {lines.map((line) => (
        <Tile key={line.code} line={line} timeZone={timeZone} />
      ))}
    </ul>
  );
}

/** Measures before the first paint and again whenever the window or what stands above the tiles changes. */
function useBoardLayout(list: RefObject<HTMLUListElement | null>, count: number): BoardLayout {
  const [layout, setLayout] = useState<BoardLayout>({ columns: 1, fontPx: 16, fits: false, tall: false });
  useLayoutEffect(() => {
    const element = list.current;
    const above = element?.parentElement;
    if (element === null || above === null || above === undefined) return;
    const measure = () => {
      const root = getComputedStyle(document.documentElement);
      const top = element.getBoundingClientRect().top + window.scrollY;
      const bottom = parseFloat(getComputedStyle(above).paddingBottom);
      const next = boardLayout(count, element.clientWidth, window.innerHeight - top - bottom, parseFloat(root.fontSize));
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
  }, [list, count]);
  return layout;
}
