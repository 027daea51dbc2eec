// Packs the structures that follow to 4; poppack.h ends it.
#pragma pack(push, 4)
