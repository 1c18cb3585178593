@echo off
rem Starts Sonde on Windows. Finds a JDK 25 or newer: the bundled runtime, JAVA_HOME, java on the PATH, then the usual install places.
setlocal EnableExtensions DisableDelayedExpansion
for %%I in ("%~dp0..") do set "home=%%~fI"
if defined SONDE_HOME set "home=%SONDE_HOME%"

set "java="
call :try "%home%\runtime"
if defined JAVA_HOME call :try "%JAVA_HOME%"
for %%J in (java.exe) do if not "%%~$PATH:J"=="" for %%K in ("%%~dp$PATH:J..") do call :try "%%~fK"
for /d %%D in ("%ProgramFiles%\Eclipse Adoptium\*" "%ProgramFiles%\Java\*" "%ProgramFiles%\Microsoft\jdk*" "%ProgramFiles%\Zulu\*" "%USERPROFILE%\.jdks\*") do call :try "%%~fD"
if not defined java (
  echo sonde: needs a JDK 25 or newer and found none; install one ^(for example Temurin 25^), or set JAVA_HOME to it 1>&2
  exit /b 2
)
if "%~1"=="--java-home" (
  echo %java%
  exit /b 0
)

rem The reference backend multiplies with a module that must be asked for.
set "vector="
set "arguments=%*"
if defined arguments call :look
rem Threads of libtorch wait without spinning.
if not defined OMP_WAIT_POLICY set "OMP_WAIT_POLICY=PASSIVE"
rem Factors of products keep their 24 bits on graphics processors too.
if not defined NVIDIA_TF32_OVERRIDE set "NVIDIA_TF32_OVERRIDE=0"
"%java%\bin\java.exe" "@%home%\conf\java.args" %vector% "-Dsonde.home=%home%" --module-path "%home%\lib\boot" --module dev.sonde.launcher/dev.sonde.launcher.Main %*
exit /b %ERRORLEVEL%

:look
setlocal EnableDelayedExpansion
if not "!arguments:reference=!"=="!arguments!" (
  endlocal
  set "vector=--add-modules=jdk.incubator.vector"
)
exit /b 0

:try
rem Sets java to the folder if nothing was found before and the Java in it is new enough.
if defined java exit /b 0
if not exist "%~1\bin\java.exe" exit /b 0
if not exist "%~1\release" exit /b 0
for /f "tokens=2 delims==" %%V in ('findstr /B /C:"JAVA_VERSION=" "%~1\release"') do for /f "delims=.-+" %%M in ("%%~V") do if %%M GEQ 25 set "java=%~1"
exit /b 0
