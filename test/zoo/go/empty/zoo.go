package zoo
