/** The one place that imports Zod: its code generator needs `unsafe-eval`, which the hub's content security policy refuses. */
import * as z from 'zod';

z.config({ jitless: true });

export { z };
