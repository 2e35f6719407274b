<?php // There is no test here.
