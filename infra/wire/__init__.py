"""The wire: Kafka, or a file that both gateways of one machine share.

Who may write here: each gateway its own topics. What an attacker gains who writes here: noise that is quarantined and
work for the receiver; never a believed entry, for every record is verified by signature. What is lost is sent again.
"""
