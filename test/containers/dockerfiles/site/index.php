<?php echo "Welcome\n";
