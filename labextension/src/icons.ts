/**
 * The panel's own icon.
 */
import { LabIcon } from '@jupyterlab/ui-components';

/** An arrow that comes back to where it began, and a check. */
export const reproIcon = new LabIcon({
  name: 'jupyter-repro:icon',
  svgstr:
    '<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24"><path class="jp-icon3 jp-icon-selectable" fill="#616161" d="M12 3a9 9 0 1 0 9 9h-2a7 7 0 1 1-7-7c1.9 0 3.700.8 5 2.100L14.500 9.500H21V3l-2.600 2.600A9 9 0 0 0 12 3zm-1.200 13.200-3.600-3.600 1.400-1.400 2.200 2.200 4.600-4.600 1.400 1.400z"/></svg>'
});
