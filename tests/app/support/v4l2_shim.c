// Cameras that are files, for OpenCV's real V4L2 backend: preload this library, and /dev/video*, /dev/v4l and
// /sys/class/video4linux are looked for in $DUALSIGHT_FAKE_CAMERAS/dev and .../class. A camera is a file there
// (dev/video90); removing it unplugs the camera. What it holds says how the camera is, any of these words:
//   busy    another program has its buffers        denied  it may not be opened
//   stall   no frame comes                         meta    it is no capture device
//   rate=N  frames/s that come, whatever was set   level=N grey value of its YUYV frames, 0..255
// MJPG frames are the file frame.jpg. What is set is appended to the file log.
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LENGTH(a) (sizeof(a) / sizeof((a)[0]))
enum { most_fds = 1024, most_buffers = 8, path_size = 4096, buffer_bytes = 4 << 20 };  // pages; holds 1920x1080 YUYV

struct mode {
  uint32_t format, width, height;
  uint32_t rates[2];  // highest first; 0: none
};
static const struct mode modes[] = {
    {V4L2_PIX_FMT_YUYV, 640, 480, {30, 15}},
    {V4L2_PIX_FMT_YUYV, 320, 240, {30, 0}},
    {V4L2_PIX_FMT_MJPEG, 1280, 720, {30, 15}},
    {V4L2_PIX_FMT_MJPEG, 640, 480, {60, 30}},
};
static const uint32_t formats[] = {V4L2_PIX_FMT_YUYV, V4L2_PIX_FMT_MJPEG, V4L2_PIX_FMT_GREY};  // GREY: any size

struct camera {
  char path[path_size];
  ino_t inode;  // another file under the same name is another camera
  struct mode mode;
  uint32_t rate, buffers, waiting[most_buffers], count;
  int streaming;
  double next;  // when the next frame is due, s
};
static struct camera* cameras[most_fds];

#define REAL(name) (__extension__(__typeof__(&(name))) find(#name))
static void* find(const char* name) { return dlsym(RTLD_NEXT, name); }

static double seconds_now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

// The path where the test keeps it; others stay as they are.
static const char* map(const char* path, char* room) {
  static const char* const from[] = {"/dev/video", "/dev/v4l", "/sys/class/video4linux"};
  static const char* const to[] = {"dev/video", "dev/v4l", "class"};
  const char* root = getenv("DUALSIGHT_FAKE_CAMERAS");
  for (size_t i = 0; root && path && i < LENGTH(from); ++i) {
    if (strncmp(path, from[i], strlen(from[i])) != 0) continue;
    snprintf(room, path_size, "%s/%s%s", root, to[i], path + strlen(from[i]));
    return room;
  }
  return path;
}

static void note(const struct camera* c, const char* what) {
  char path[path_size];
  snprintf(path, sizeof path, "%s/log", getenv("DUALSIGHT_FAKE_CAMERAS"));
  FILE* log = REAL(fopen)(path, "a");
  if (!log) return;
  fprintf(log, "%s %s\n", strrchr(c->path, '/') + 1, what);
  fclose(log);
}

// NULL, or what stands behind the word.
static const char* says(const struct camera* c, const char* word, char* room, size_t size) {
  FILE* file = REAL(fopen)(c->path, "r");
  if (!file) return NULL;
  room[fread(room, 1, size - 1, file)] = 0;
  fclose(file);
  const char* found = strstr(room, word);
  return found ? found + strlen(word) : NULL;
}
static int is(const struct camera* c, const char* word) {
  char room[256];
  return says(c, word, room, sizeof room) != NULL;
}
static int number(const struct camera* c, const char* word, int otherwise) {
  char room[256];
  const char* found = says(c, word, room, sizeof room);
  return found ? atoi(found) : otherwise;
}

static int gone(const struct camera* c) {
  struct stat status;
  return REAL(stat)(c->path, &status) != 0 || status.st_ino != c->inode;
}

static int open_any(const char* given, int flags, mode_t mode) {
  char room[path_size], real[path_size];
  const char* path = map(given, room);
  struct stat status;
  if (path == given || !REAL(realpath)(path, real) || REAL(stat)(real, &status) != 0 || !S_ISREG(status.st_mode) ||
      strncmp(strrchr(real, '/'), "/video", 6) != 0) {
    return REAL(open)(path, flags, mode);
  }
  struct camera* c = calloc(1, sizeof *c);
  strcpy(c->path, real);
  c->inode = status.st_ino;
  c->mode = modes[0];
  c->rate = modes[0].rates[0];
  if (is(c, "denied")) {
    free(c);
    errno = EACCES;
    return -1;
  }
  const int fd = memfd_create("camera", MFD_CLOEXEC);  // so that mmap works on it
  if (fd < 0 || fd >= most_fds || ftruncate(fd, (off_t)most_buffers * buffer_bytes) != 0) abort();
  cameras[fd] = c;
  return fd;
}

int open(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = (flags & O_CREAT) ? va_arg(more, mode_t) : 0;
  va_end(more);
  return open_any(path, flags, mode);
}
int open64(const char* path, int flags, ...) __attribute__((alias("open")));

int openat(int folder, const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = (flags & O_CREAT) ? va_arg(more, mode_t) : 0;
  va_end(more);
  return path[0] == '/' ? open_any(path, flags, mode) : REAL(openat)(folder, path, flags, mode);
}

FILE* fopen(const char* path, const char* how) {
  char room[path_size];
  return REAL(fopen)(map(path, room), how);
}
FILE* fopen64(const char* path, const char* how) __attribute__((alias("fopen")));
int stat(const char* path, struct stat* to) {
  char room[path_size];
  return REAL(stat)(map(path, room), to);
}
int lstat(const char* path, struct stat* to) {
  char room[path_size];
  return REAL(lstat)(map(path, room), to);
}
ssize_t readlink(const char* path, char* to, size_t size) {
  char room[path_size];
  return REAL(readlink)(map(path, room), to, size);
}
char* realpath(const char* path, char* to) {
  char room[path_size];
  return REAL(realpath)(map(path, room), to);
}

static struct camera* camera_of(int fd) { return fd >= 0 && fd < most_fds ? cameras[fd] : NULL; }

int close(int fd) {
  if (camera_of(fd)) {
    free(cameras[fd]);
    cameras[fd] = NULL;
  }
  return REAL(close)(fd);
}

// Whether another opening, here or said so, has the buffers.
static int taken(const struct camera* c) {
  for (int fd = 0; fd < most_fds; ++fd) {
    const struct camera* other = cameras[fd];
    if (other && other != c && other->buffers > 0 && other->inode == c->inode) return 1;
  }
  return is(c, "busy");
}

static int fail(int error) {
  errno = error;
  return -1;
}

static void set_format(struct camera* c, struct v4l2_pix_format* pix, int keep) {
  const struct mode* best = NULL;
  struct mode grey = {V4L2_PIX_FMT_GREY, pix->width & ~15U, pix->height & ~7U, {30, 5}};
  for (int pass = 0; pass < 2 && !best; ++pass) {  // a format that is not known becomes the first
    const uint32_t format = pass == 0 ? pix->pixelformat : formats[0];
    for (size_t i = 0; i < LENGTH(modes); ++i) {
      const uint32_t off = (uint32_t)abs((int)modes[i].width - (int)pix->width);
      if (modes[i].format != format) continue;
      if (!best || off < (uint32_t)abs((int)best->width - (int)pix->width)) best = &modes[i];
    }
    if (format == V4L2_PIX_FMT_GREY) best = &grey;
  }
  if (keep) {
    char text[64];
    snprintf(text, sizeof text, "S_FMT %.4s %ux%u", (const char*)&pix->pixelformat, pix->width, pix->height);
    note(c, text);
    c->mode = *best;
    c->rate = best->rates[0];
  }
  pix->pixelformat = best->format;
  pix->width = best->width;
  pix->height = best->height;
  pix->field = V4L2_FIELD_NONE;
  pix->bytesperline = best->format == V4L2_PIX_FMT_YUYV ? 2 * best->width : best->width;
  pix->sizeimage = buffer_bytes;
}

static int enumerate_size(struct v4l2_frmsizeenum* e) {
  if (e->pixel_format == V4L2_PIX_FMT_GREY && e->index == 0) {
    e->type = V4L2_FRMSIZE_TYPE_STEPWISE;
    e->stepwise = (struct v4l2_frmsize_stepwise){160, 1920, 16, 120, 1080, 8};
    return 0;
  }
  uint32_t index = 0;
  for (size_t i = 0; i < LENGTH(modes); ++i) {
    if (modes[i].format != e->pixel_format || index++ != e->index) continue;
    e->type = V4L2_FRMSIZE_TYPE_DISCRETE;
    e->discrete.width = modes[i].width;
    e->discrete.height = modes[i].height;
    return 0;
  }
  return fail(EINVAL);
}

static int enumerate_rate(struct v4l2_frmivalenum* e) {
  if (e->pixel_format == V4L2_PIX_FMT_GREY && e->index == 0) {
    e->type = V4L2_FRMIVAL_TYPE_CONTINUOUS;
    e->stepwise = (struct v4l2_frmival_stepwise){{1, 30}, {1, 5}, {1, 1}};
    return 0;
  }
  for (size_t i = 0; i < LENGTH(modes); ++i) {
    if (modes[i].format != e->pixel_format || modes[i].width != e->width || modes[i].height != e->height) continue;
    if (e->index >= 2 || modes[i].rates[e->index] == 0) break;
    e->type = V4L2_FRMIVAL_TYPE_DISCRETE;
    e->discrete = (struct v4l2_fract){1, modes[i].rates[e->index]};
    return 0;
  }
  return fail(EINVAL);
}

static int set_rate(struct camera* c, struct v4l2_streamparm* p, int keep) {
  struct v4l2_fract* interval = &p->parm.capture.timeperframe;
  if (keep) {
    const double wanted = interval->numerator ? (double)interval->denominator / interval->numerator : 0;
    char text[64];
    snprintf(text, sizeof text, "S_PARM %g", wanted);
    note(c, text);
    const uint32_t high = c->mode.rates[0], low = c->mode.rates[1];
    c->rate = low && wanted > 0 && wanted - low < high - wanted ? low : high;
  }
  *interval = (struct v4l2_fract){1, c->rate};
  p->parm.capture.capability = V4L2_CAP_TIMEPERFRAME;
  return 0;
}

static uint32_t fill(const struct camera* c, int fd, uint32_t index) {
  uint8_t* pixels = mmap(NULL, buffer_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)index * buffer_bytes);
  uint32_t bytes = c->mode.width * c->mode.height;
  if (c->mode.format == V4L2_PIX_FMT_MJPEG) {
    char path[path_size];
    snprintf(path, sizeof path, "%s/frame.jpg", getenv("DUALSIGHT_FAKE_CAMERAS"));
    FILE* file = REAL(fopen)(path, "rb");
    bytes = file ? (uint32_t)fread(pixels, 1, buffer_bytes, file) : 0;
    if (file) fclose(file);
  } else if (c->mode.format == V4L2_PIX_FMT_YUYV) {
    bytes *= 2;
    const int level = number(c, "level=", 128);
    for (uint32_t i = 0; i < bytes; ++i) pixels[i] = i % 2 ? 128 : (uint8_t)level;
  }
  munmap(pixels, buffer_bytes);
  return bytes;
}

static double interval(const struct camera* c) { return 1.0 / number(c, "rate=", (int)c->rate); }

static int dequeue(struct camera* c, int fd, struct v4l2_buffer* b) {
  if (!c->streaming) return fail(EINVAL);
  if (c->count == 0 || is(c, "stall") || seconds_now() < c->next) return fail(EAGAIN);
  c->next += interval(c);
  if (c->next < seconds_now()) c->next = seconds_now();
  b->index = c->waiting[0];
  memmove(c->waiting, c->waiting + 1, --c->count * sizeof c->waiting[0]);
  b->bytesused = fill(c, fd, b->index);
  b->length = buffer_bytes;
  b->flags = V4L2_BUF_FLAG_MAPPED | V4L2_BUF_FLAG_DONE;
  b->m.offset = b->index * buffer_bytes;
  return 0;
}

static int answer(struct camera* c, int fd, unsigned long request, void* argument) {
  if (gone(c)) return fail(ENODEV);
  switch (request) {
    case VIDIOC_QUERYCAP: {
      struct v4l2_capability* cap = argument;
      memset(cap, 0, sizeof *cap);
      strcpy((char*)cap->driver, "fake");
      strcpy((char*)cap->card, "Fake");
      cap->device_caps = (is(c, "meta") ? V4L2_CAP_META_CAPTURE : V4L2_CAP_VIDEO_CAPTURE) | V4L2_CAP_STREAMING;
      cap->capabilities = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING | V4L2_CAP_DEVICE_CAPS;
      return 0;
    }
    case VIDIOC_ENUM_FMT: {
      struct v4l2_fmtdesc* e = argument;
      if (e->index >= LENGTH(formats)) return fail(EINVAL);
      e->pixelformat = formats[e->index];
      return 0;
    }
    case VIDIOC_ENUM_FRAMESIZES:
      return enumerate_size(argument);
    case VIDIOC_ENUM_FRAMEINTERVALS:
      return enumerate_rate(argument);
    case VIDIOC_G_FMT: {
      struct v4l2_pix_format* pix = &((struct v4l2_format*)argument)->fmt.pix;
      *pix = (struct v4l2_pix_format){.pixelformat = c->mode.format, .width = c->mode.width, .height = c->mode.height};
      set_format(c, pix, 0);
      return 0;
    }
    case VIDIOC_TRY_FMT:
    case VIDIOC_S_FMT:
      if (request == VIDIOC_S_FMT && (c->buffers > 0 || taken(c))) return fail(EBUSY);
      set_format(c, &((struct v4l2_format*)argument)->fmt.pix, request == VIDIOC_S_FMT);
      return 0;
    case VIDIOC_G_PARM:
    case VIDIOC_S_PARM:
      return set_rate(c, argument, request == VIDIOC_S_PARM);
    case VIDIOC_REQBUFS: {
      struct v4l2_requestbuffers* r = argument;
      if (taken(c)) return fail(EBUSY);
      c->buffers = r->count = r->count < most_buffers ? r->count : most_buffers;
      c->count = 0;
      return 0;
    }
    case VIDIOC_QUERYBUF: {
      struct v4l2_buffer* b = argument;
      if (b->index >= c->buffers) return fail(EINVAL);
      b->length = buffer_bytes;
      b->m.offset = b->index * buffer_bytes;
      return 0;
    }
    case VIDIOC_QBUF: {
      const struct v4l2_buffer* b = argument;
      if (b->index >= c->buffers || c->count >= most_buffers) return fail(EINVAL);
      c->waiting[c->count++] = b->index;
      return 0;
    }
    case VIDIOC_DQBUF:
      return dequeue(c, fd, argument);
    case VIDIOC_STREAMON:
      note(c, "STREAMON");
      c->streaming = 1;
      c->next = seconds_now() + interval(c);
      return 0;
    case VIDIOC_STREAMOFF:
      c->streaming = 0;
      c->count = 0;
      return 0;
    default:
      return fail(ENOTTY);  // no controls, inputs or standards
  }
}

int ioctl(int fd, unsigned long request, ...) {
  va_list more;
  va_start(more, request);
  void* argument = va_arg(more, void*);
  va_end(more);
  struct camera* c = camera_of(fd);
  return c ? answer(c, fd, (uint32_t)request, argument) : REAL(ioctl)(fd, request, argument);
}

// POLLIN or POLLERR once there is something to see, 0 after the time. Negative: no limit.
static short wait_for(const struct camera* c, double longest) {
  const double end = seconds_now() + longest;
  for (;;) {
    if (gone(c) || !c->streaming) return POLLERR;
    const double now = seconds_now();
    if (c->count > 0 && now >= c->next && !is(c, "stall")) return POLLIN | POLLRDNORM;
    if (longest >= 0 && now >= end) return 0;
    usleep(1000);
  }
}

int select(int nfds, fd_set* reads, fd_set* writes, fd_set* others, struct timeval* timeout) {
  const int fd = nfds - 1;  // OpenCV waits for one camera
  if (!reads || !camera_of(fd) || !FD_ISSET(fd, reads)) return REAL(select)(nfds, reads, writes, others, timeout);
  const short came = wait_for(cameras[fd], timeout ? (double)timeout->tv_sec + 1e-6 * (double)timeout->tv_usec : -1);
  if (!came) FD_ZERO(reads);
  return came ? 1 : 0;
}

int poll(struct pollfd* fds, nfds_t count, int timeout_ms) {
  struct pollfd* volatile first = fds;  // its declaration says that nothing is read from here
  struct camera* c = count == 1 ? camera_of(first->fd) : NULL;
  if (!c) return REAL(poll)(fds, count, timeout_ms);
  fds->revents = wait_for(c, timeout_ms < 0 ? -1 : timeout_ms / 1000.0);
  return fds->revents ? 1 : 0;
}
