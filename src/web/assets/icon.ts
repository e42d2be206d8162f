/** A footbridge (passerelle) over water. */
export const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40">
<rect width="40" height="40" rx="8" fill="#123a7d"/>
<g fill="none" stroke-linecap="round">
<path d="M5 25C11 12 29 12 35 25" stroke="#fff" stroke-width="3"/>
<path d="M5 25H35M12.5 19v6M20 16v9M27.500 19v6" stroke="#fff" stroke-width="2"/>
<path d="M8 31q3-2.500 6 0t6 0 6 0 6 0" stroke="#ffc83d" stroke-width="2"/>
</g>
</svg>
`
