-- Where a person lies by the identifier under which referrals were sent: every provider has parts of its own.
SELECT DISTINCT sent_as, part
FROM referral_parts
