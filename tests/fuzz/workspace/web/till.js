/** Rings. */
export function till(sum) {
  return ring(sum);
}

function ring(sum) {
	return `${sum}`;
}
