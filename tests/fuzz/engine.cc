/* An engine that is not libFuzzer, for a farm's LIB_FUZZING_ENGINE: like those of AFL++, honggfuzz
   and Centipede it is an archive that brings main, and knows LLVMFuzzerTestOneInput alone. It runs
   the files that it is given. */
#include <cstdint>
#include <cstdio>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size);

int main(int argc, char **argv)
{
    static std::uint8_t data[1 << 20];

    for (int i = 1; i < argc; i++) {
        std::FILE *file = std::fopen(argv[i], "rb");
        std::size_t size;

        if (file == nullptr) {
            return 1;
        }
        size = std::fread(data, 1, sizeof data, file);
        (void)std::fclose(file);
        (void)LLVMFuzzerTestOneInput(data, size);
    }
    std::printf("INITED %d\n", argc - 1);
    return argc > 1 ? 0 : 1;
}
