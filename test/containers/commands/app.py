import os
import time

os.makedirs("/var/cache/notes", exist_ok=True)
with open("/var/cache/notes/started", "w") as file:
    file.write("yes")
print("started", flush=True)
time.sleep(600)
