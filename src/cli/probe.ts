import { GlmError } from '../errors.ts';
import { findBaseUrl, findKey } from '../glm/key.ts';
import { probe, probeCost } from '../glm/probe-gateway.ts';
import { usd } from '../report/markdown.ts';
import { gatewayEnvironment } from '../settings.ts';
import type { DoctorLine } from '../setup/doctor.ts';
import type { Wiring } from '../wiring.ts';

/** Asks the gateway what it takes for a variant. Says beforehand what that may cost; the client uses what was proven. */
export async function probeLines(variant: string, wiring: Wiring, signal: AbortSignal): Promise<DoctorLine[]> {
  const env = gatewayEnvironment(wiring.env, wiring.folders);
  const baseUrl = findBaseUrl(env, wiring.folders, wiring.baseUrl);
  const found = findKey(env, wiring.folders, baseUrl);
  if (!found) throw new GlmError('no_key', 'Probing needs a key.', { hint: 'Set RUNAPI_API_KEY or run glm-skill login.' });
  process.stderr.write(`Probing ${variant} at ${new URL(baseUrl).host}: ${usd(probeCost(variant))} at most.\n`);
  const { features } = await probe(variant, { baseUrl, key: found.key, folders: wiring.folders, env, now: wiring.now, signal });
  return Object.entries(features).map(([feature, { result, note }]) => ({
    topic: `${variant} ${feature}`,
    level: result === 'unclear' ? 'warn' : 'ok',
    message: `${result}${note ? ` (${note})` : ''}`,
  }));
}
