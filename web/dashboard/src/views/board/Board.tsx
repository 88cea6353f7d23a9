/** The board of a site as a page: with its filter, in the frame of the application. */
import { useParams } from 'react-router';
import { SiteBoard } from './SiteBoard';

export function Board() {
  const { site = '' } = useParams();
  return <SiteBoard key={site} code={site} />;
}
