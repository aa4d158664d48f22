/** What is sent of what is kept: a scan without what it did here, or a supervisor's deed under its own name. */

export const asSent = ({ noted, deed, ...scan }) => (deed ? { ...deed, deed_id: scan.scan_id } : scan);
