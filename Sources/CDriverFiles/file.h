// One entry of the table in files.c: the file that PATH names.
{PATH, (const unsigned char[]){
#embed PATH
, 0}},
#undef PATH
