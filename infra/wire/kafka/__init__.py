"""The wire on Kafka, by kafka-python; only `clients` imports it, for it has no types.

The library keeps going where it should give up, so nothing of it outlives an error: whichever of its clients raised is
closed and made again. What was seen of it (3.0.12), and what is done about it here:

- A client whose constructor cannot connect leaves its thread behind: it is closed (`clients`).
- `allow_auto_create_topics` does not reach the metadata requests: it is set where they read it, and nothing asks for a
  topic before a look-up says that it exists.
- After an error while parsing a record the next `poll` never returns: the consumer is given up. A place that cannot be
  read twice is delivered as an empty record of no kind and passed over.
- After a `KafkaTimeoutError` a producer may stay stuck, and closing it first waits for what it cannot deliver: it is
  forced.
- Fetches name topics, not their ids, so a topic that was made anew is read on under the old offset: the id is looked up
  each second, and another one means another consumer, from the beginning.
- A broker that is gone reads as silence: the same look-up finds it out.
"""
