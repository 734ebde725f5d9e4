import type { Bus, LetterReceipt } from "muove";
import { letters } from "./contract.js";

interface Booking {
  readonly id: string;
  readonly patient: string;
  readonly text: string;
}

export async function tell(bus: Bus, { id, patient, text }: Booking): Promise<LetterReceipt> {
  // #region send
  const receipt = await bus.to(letters).post({ patient, text }, { id: `booking-${id}` });
  // #endregion
  return receipt;
}

export async function confirm(bus: Bus, { id, patient, text }: Booking): Promise<string> {
  // #region receipt
  const receipt = await bus.to(letters).post({ patient, text }, { id: `booking-${id}` });
  switch (receipt.status) {
    case "stored":
      return "You will get a letter.";
    case "unavailable": // `delivered` is "no", or "maybe": then send it again under the same id.
      return `Please ask again later (${receipt.reason}).`;
  }
  // #endregion
}
