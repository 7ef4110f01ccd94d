// The class of an image, in C++17: ./classify model.onnx photo.jpg
// Needs ONNX Runtime (headers and library) and stb_image.h, which does not turn photos upright:
//   g++ -std=c++17 classify.cpp -I INCLUDE -L LIB -l onnxruntime -o classify
#include <onnxruntime_cxx_api.h>
#define STB_IMAGE_IMPLEMENTATION
#include <stb_image.h>

#include <algorithm>
#include <cstdio>

int main(int, char** words) {
  Ort::Env environment;
  Ort::Session model(environment, words[1], Ort::SessionOptions{});
  int width, height, channels;
  stbi_uc* photo = stbi_load(words[2], &width, &height, &channels, 4);  // red, green, blue, alpha
  if (photo == nullptr) return std::fprintf(stderr, "%s: %s\n", words[2], stbi_failure_reason()), 1;
  const int64_t shape[] = {1, height, width, 4};
  auto memory = Ort::MemoryInfo::CreateCpu(OrtArenaAllocator, OrtMemTypeDefault);
  auto image = Ort::Value::CreateTensor<uint8_t>(memory, photo, size_t(4) * width * height, shape, 4);
  const char *inputs[] = {"image"}, *outputs[] = {"probabilities"};
  auto found = model.Run(Ort::RunOptions{}, inputs, &image, 1, outputs, 1);
  const float* first = found[0].GetTensorData<float>();
  const size_t n = found[0].GetTensorTypeAndShapeInfo().GetElementCount();
  const size_t best = std::max_element(first, first + n) - first;

  Ort::AllocatorWithDefaultOptions allocator;  // class names: a list in JSON
  auto told = model.GetModelMetadata().LookupCustomMetadataMapAllocated("classes", allocator);
  std::vector<std::string> classes;
  for (const char* at = told.get(); *at != 0; ++at) {
    if (*at != '"') continue;
    for (classes.emplace_back(); *++at != '"'; classes.back() += *at) at += *at == '\\';
  }
  std::printf("%s %.4f\n", classes[best].c_str(), first[best]);
  stbi_image_free(photo);
}
