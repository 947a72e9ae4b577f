import { maskEmail, maskName, maskPhone } from './mask.ts';
import { maskPages } from './mask-pages.ts';
import type { Callback, Summary } from './summary.ts';

/** The summary with every contact masked, whatever the settings were when it was made. What is masked stays as it is. */
export function maskSummary(summary: Summary): Summary {
  return {
    ...summary,
    contacts: 'masked',
    byLandingPage: maskPages(summary.byLandingPage),
    callbacks: summary.callbacks.map(maskCallback),
  };
}

function maskCallback(callback: Callback): Callback {
  const { key, name, phone, email } = callback.customer;
  const customer = {
    key,
    name: name && maskName(name),
    phone: phone && maskPhone(phone),
    email: email && maskEmail(email),
  };
  return { ...callback, customer };
}
